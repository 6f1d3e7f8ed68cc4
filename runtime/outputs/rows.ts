import type { RowsOutput } from '../description/detection-output.ts';
import type { Outputs } from '../onnx-model.ts';
import { cornersOf, type Asked, type Box, type Reading } from './boxes.ts';
import { Misfit, plain, tensorOf } from './misfit.ts';

/** One tensor with a row a box. Rows of zeros, which fill up to a fixed number, have no score. @throws Misfit */
export function readRows(output: RowsOutput, outputs: Outputs, { size, keep }: Asked): Reading {
  const { values, shape, name } = tensorOf(outputs, output.tensor);
  const { columns } = output;
  const width = columns.length;
  if (shape.length < 2 || shape.at(-1) !== width || !plain(shape, 2)) {
    const message = `"${name}" is [${shape.join(', ')}], not [rows, ${width}] as columns has it`;
    throw new Misfit(['columns'], message, 'name every column in its order: "other" for one that is not read');
  }
  const at = (column: (typeof columns)[number]) => columns.indexOf(column);
  const [x1, y1, x2, y2, score, index, picture] = [
    at('x1'),
    at('y1'),
    at('x2'),
    at('y2'),
    at('score'),
    at('class'),
    at('picture'),
  ];
  const corners = cornersOf('xyxy', output.units, size);
  const boxes: Box[] = [];
  for (let start = 0; start < values.length; start += width) {
    const value = (column: number | undefined) => values[start + (column ?? 0)] ?? Number.NaN;
    // Some mark the end of their rows by a picture of -1.
    if (!(value(score) >= keep) || (picture !== undefined && picture >= 0 && value(picture) < 0)) continue;
    const box = corners(value(x1), value(y1), value(x2), value(y2));
    boxes.push({ ...box, score: value(score), index: value(index) - output['first-class'], landmarks: null });
  }
  return { boxes, classes: null, landmarks: false };
}

import type { ParallelOutput } from '../description/detection-output.ts';
import type { Outputs } from '../onnx-model.ts';
import { cornersOf, type Asked, type Box, type Reading } from './boxes.ts';
import { Misfit, tableOf, tensorOf } from './misfit.ts';

/** Boxes [boxes, 4], scores [boxes] and classes [boxes] beside each other, and perhaps how many of them are any. @throws Misfit */
export function readParallel(output: ParallelOutput, outputs: Outputs, { size, keep }: Asked): Reading {
  const places = tableOf(outputs, output.boxes, 4, 'boxes');
  const rows = places.length / 4;
  const beside = (field: 'scores' | 'classes') => {
    const { values, shape, name } = tensorOf(outputs, output[field]);
    if (values.length === rows) return values;
    const message = `"${name}" is [${shape.join(', ')}] beside ${rows} boxes`;
    throw new Misfit([field], message, `name the output that holds one of the ${field} for each box`);
  };
  const [scores, classes] = [beside('scores'), beside('classes')];
  const count = output.count === undefined ? rows : Math.min(rows, countOf(output.count, outputs));
  const corners = cornersOf(output.box, output.units, size);
  const boxes: Box[] = [];
  for (let row = 0; row < count; row += 1) {
    const score = scores[row] ?? Number.NaN;
    if (!(score >= keep)) continue;
    const [a = 0, b = 0, c = 0, d = 0] = places.subarray(row * 4, row * 4 + 4);
    boxes.push({ ...corners(a, b, c, d), score, index: (classes[row] ?? Number.NaN) - output['first-class'], landmarks: null });
  }
  return { boxes, classes: null, landmarks: false };
}

function countOf(field: string, outputs: Outputs): number {
  const { values, shape, name } = tensorOf(outputs, field);
  const [count] = values;
  if (values.length === 1 && count !== undefined && count >= 0) return count;
  throw new Misfit(['count'], `"${name}" is [${shape.join(', ')}], not one number`, 'name the output that counts the boxes');
}

import type { PairOutput } from '../description/detection-output.ts';
import type { Outputs } from '../onnx-model.ts';
import { cornersOf, pointsOf, type Asked, type Reading } from './boxes.ts';
import { scoredRows, scoreTable } from './class-scores.ts';
import { Misfit, plain, tableOf, tensorOf } from './misfit.ts';

/** Boxes [boxes, 4] and scores [boxes, classes] as two tensors, landmarks [boxes, 10] as a third. @throws Misfit */
export function readPair(output: PairOutput, outputs: Outputs, { size, keep }: Asked): Reading {
  const places = tableOf(outputs, output.boxes, 4, 'boxes');
  const points = output.landmarks === undefined ? null : tableOf(outputs, output.landmarks, 10, 'landmarks');
  const table = scoresBeside(output, outputs, places.length / 4);
  const corners = cornersOf(output.box, output.units, size);
  const scale = output.units === 'unit' ? ([size.width, size.height] as const) : ([1, 1] as const);
  const scored = scoredRows(table, { activation: plainly(output.activation), objectness: null, perBox: output['per-box'], keep });
  const boxes = scored.map(({ row, index, score }) => {
    const [a = 0, b = 0, c = 0, d = 0] = places.subarray(row * 4, row * 4 + 4);
    const landmarks = points && pointsOf(points, row, (value, axis) => value * scale[axis]);
    return { ...corners(a, b, c, d), score, index, landmarks };
  });
  return { boxes, classes: table.classes, landmarks: points !== null };
}

type ScoresBeside = Pick<PairOutput, 'scores' | 'activation' | 'background'>;

/** Scores [boxes, classes] that lie beside so many boxes. @throws Misfit for others */
export function scoresBeside(output: ScoresBeside, outputs: Outputs, rows: number) {
  const { values, shape, name } = tensorOf(outputs, output.scores);
  const [columns = 1] = shape.length > 1 ? shape.slice(-1) : [1];
  const table = scoreTable(values, columns, output);
  if (plain(shape, 2) && table.rows === rows && table.classes > 0) return table;
  const message = `"${name}" is [${shape.join(', ')}] beside ${rows} boxes, not [${rows}, classes]`;
  throw new Misfit(['scores'], message, 'name the output that holds the scores, or correct background');
}

/** Softmax is done for whole rows, before. */
export function plainly(activation: 'none' | 'sigmoid' | 'softmax'): 'none' | 'sigmoid' {
  return activation === 'sigmoid' ? 'sigmoid' : 'none';
}

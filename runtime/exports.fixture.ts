import { sparse, type ExportedModel, type Fixed } from '../testing/exported-model.ts';
import type { OnnxType } from '../testing/tiny-onnx.ts';

/** A frame of 320x240, and what is in it: corners in its pixels, score, class. */
export const FRAME = { width: 320, height: 240 };
export type Truth = readonly [x1: number, y1: number, x2: number, y2: number, score: number, index: number];
export const CAR: Truth = [50, 50, 150, 150, 0.75, 2];
/** Overlaps the car by 0.98: of the same class it goes, where suppression is asked for. */
export const AGAIN: Truth = [52, 50, 150, 150, 0.625, 2];
export const PERSON: Truth = [200, 20, 220, 60, 0.5, 0];
export const NOISE: Truth = [0, 0, 9, 9, 0.0005, 1];
export const ALL = [NOISE, AGAIN, PERSON, CAR];

export const LABELS = Array.from({ length: 80 }, (_, index) => `class ${index}`);
export const SIDE = 640;

/** Where a point of the frame lies in the model's input of 640x640. */
type Place = (x: number, y: number) => readonly [number, number];
export const centred: Place = (x, y) => [x * 2, y * 2 + 80];
const topLeft: Place = (x, y) => [x * 2, y * 2];
export const stretched: Place = (x, y) => [x * 2, (y * SIDE) / FRAME.height];
export const xyxy = ([x1, y1, x2, y2]: Truth, place: Place, unit = 1) =>
  [...place(x1, y1), ...place(x2, y2)].map((v) => v / unit);
export const cxcywh = (truth: Truth, place: Place, unit = 1) => {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = xyxy(truth, place, unit);
  return [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1];
};
const logit = (score: number) => Math.log(score / (1 - score));

/** A table [1, rows, columns] with these rows at places that lie apart, as those of a real model do. */
export const table = (name: string, rows: number, columns: number, filled: readonly (readonly number[])[], rank = 3): Fixed => {
  const shape = rank === 3 ? [1, rows, columns] : [rows, columns];
  const apart = Math.floor(rows / filled.length);
  const set = filled.flatMap((row, at) => row.map((value, column) => [[at * apart, column], value] as const));
  return { name, shape, values: sparse([rows, columns], set) };
};
export const transposed = ({ name, values, shape: [, rows = 0, columns = 0] }: Fixed): Fixed => ({
  name,
  shape: [1, columns, rows],
  values: Float64Array.from(values, (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? 0),
});
export const typed = (fixed: Fixed, type: OnnxType): Fixed => ({ ...fixed, type });
export const oneOf = (columns: number, at: number, value: number, other = 0) =>
  Array.from({ length: columns }, (_, column) => (column === at ? value : other));

export function yolox(): Fixed {
  // A cell is set by what undoes its decoding: (x / stride - column, y / stride - row, log of the size in strides).
  const cells = [8, 16, 32].flatMap((stride) => {
    const across = SIDE / stride;
    return Array.from({ length: across * across }, (_, at) => ({ stride, x: at % across, y: Math.floor(at / across) }));
  });
  const set = ALL.flatMap((t, index) => {
    const row = [700, 6500, 8200, 8399][index] ?? 0;
    const { stride, x, y } = cells[row] ?? { stride: 1, x: 0, y: 0 };
    const [cx = 0, cy = 0, w = 0, h = 0] = cxcywh(t, topLeft);
    const values = [cx / stride - x, cy / stride - y, Math.log(w / stride), Math.log(h / stride), t[4], ...oneOf(80, t[5], 1)];
    return values.map((value, column) => [[row, column], value] as const);
  });
  return { name: 'output', shape: [1, cells.length, 85], values: sparse([cells.length, 85], set) };
}

export function rtDetr(): ExportedModel {
  const found = spread([CAR, PERSON], 300);
  return {
    inputs: [
      { name: 'images', type: 'float32', shape: ['N', 3, SIDE, SIDE] },
      { name: 'orig_target_sizes', type: 'int64', shape: ['N', 2] },
    ],
    outputs: [
      { name: 'labels', shape: [1, 300], values: found.map((t) => t[5]), type: 'int64' },
      { name: 'scores', shape: [1, 300], values: found.map((t) => t[4]) },
      { name: 'boxes', shape: [1, 300, 4], values: found.flatMap((t) => xyxy(t, stretched, SIDE)) },
    ],
    computed: {
      nodes: [
        { operator: 'Cast', inputs: ['orig_target_sizes'], outputs: ['sizes'], integers: { to: 1 } },
        { operator: 'Concat', inputs: ['sizes', 'sizes'], outputs: ['sides'], integers: { axis: 1 } },
        { operator: 'Mul', inputs: ['fixed.boxes', 'sides'], outputs: ['boxes'] },
      ],
      outputs: [{ name: 'boxes', type: 'float32', shape: ['N', 300, 4] }],
    },
  };
}

export function rfDetrLogits(): Float64Array {
  const values = new Float64Array(300 * 81).fill(-20);
  values.set([logit(0.999)], 0); // nothing at all, which is no class
  values.set([logit(0.75)], CAR[5] + 1);
  values.set([logit(0.25)], 7 + 1);
  values.set([logit(0.5)], 150 * 81 + PERSON[5] + 1);
  return values;
}

export function yxyx(t: Truth): number[] {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = xyxy(t, stretched, SIDE);
  return [y1, x1, y2, x2];
}

/** Filled up to so many with boxes of nothing, as models do. */
export function spread(found: readonly Truth[], count: number): Truth[] {
  return [...found, ...Array.from({ length: count - found.length }, (): Truth => [0, 0, 0, 0, 0, 0])];
}

import type { BoxForm } from '../description/detection-output.ts';
import type { Size } from '../geometry.ts';

/** One box that a model gave. Corners and landmarks (five points: x, y, x, y ...) in pixels of its input. */
export type Box = {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  score: number;
  /** Class index. */
  index: number;
  landmarks: readonly number[] | null;
};

/**
 * What a kind of output reads of one picture. `classes`: how many it scores; null where only boxes name theirs. `landmarks`:
 * whether every box has them.
 */
export type Reading = { boxes: Box[]; classes: number | null; landmarks: boolean };

/** What every kind needs to know: the size of the input, and from which score on boxes are wanted. */
export type Asked = { size: Size; keep: number };

type Corners = Pick<Box, 'x1' | 'y1' | 'x2' | 'y2'>;

/** Corners of a box that is given in another form, and in units of the input or in pixels. */
export function cornersOf(
  form: BoxForm,
  units: 'pixels' | 'unit',
  size: Size,
): (a: number, b: number, c: number, d: number) => Corners {
  const [wide, high] = units === 'unit' ? [size.width, size.height] : [1, 1];
  const corners = (x1: number, y1: number, x2: number, y2: number) => ({
    x1: x1 * wide,
    y1: y1 * high,
    x2: x2 * wide,
    y2: y2 * high,
  });
  return {
    xyxy: corners,
    yxyx: (y1: number, x1: number, y2: number, x2: number) => corners(x1, y1, x2, y2),
    xywh: (x: number, y: number, w: number, h: number) => corners(x, y, x + w, y + h),
    cxcywh: (x: number, y: number, w: number, h: number) => corners(x - w / 2, y - h / 2, x + w / 2, y + h / 2),
  }[form];
}

/** Five points of one row. */
export function pointsOf(values: ArrayLike<number>, row: number, place: (value: number, axis: 0 | 1) => number): number[] {
  return Array.from({ length: 10 }, (_, at) => place(values[row * 10 + at] ?? Number.NaN, at % 2 === 0 ? 0 : 1));
}

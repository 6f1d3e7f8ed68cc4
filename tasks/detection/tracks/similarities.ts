export type Corners = readonly [x1: number, y1: number, x2: number, y2: number];

/** Intersection over union of each true box with each answered one, operation by operation as TrackEval; a box of no area is like none. */
export function similarities(truth: readonly Corners[], found: readonly Corners[]): Float64Array {
  const values = new Float64Array(truth.length * found.length);
  for (const [row, [x1, y1, x2, y2]] of truth.entries()) {
    const area = (x2 - x1) * (y2 - y1);
    for (const [column, [left, top, right, bottom]] of found.entries()) {
      const own = (right - left) * (bottom - top);
      const across = Math.max(Math.min(x2, right) - Math.max(x1, left), 0);
      const shared = across * Math.max(Math.min(y2, bottom) - Math.max(y1, top), 0);
      const union = area + own - shared;
      const isSolid = area > Number.EPSILON && own > Number.EPSILON && union > Number.EPSILON;
      values[row * found.length + column] = isSolid ? shared / union : 0;
    }
  }
  return values;
}

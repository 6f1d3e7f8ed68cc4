/** In pixels, (x, y) is the upper left corner; `crowd`: many of a kind in one box. */
export type Rectangle = { x: number; y: number; width: number; height: number };

/**
 * The overlap of every box with every true one: intersection over union, and over the box alone where the true one is of a crowd
 * (`bbIou` of pycocotools' maskApi.c, operation by operation).
 * @returns a row for each box, a column for each true one
 */
export function overlapsOf(
  boxes: readonly Rectangle[],
  truth: readonly { box: readonly [x: number, y: number, width: number, height: number]; crowd: boolean }[],
): Float64Array {
  const overlaps = new Float64Array(boxes.length * truth.length);
  for (const [column, { box, crowd }] of truth.entries()) {
    const [x, y, width, height] = box;
    for (const [row, found] of boxes.entries()) {
      const across = Math.min(found.width + found.x, width + x) - Math.max(found.x, x);
      if (across <= 0) continue;
      const down = Math.min(found.height + found.y, height + y) - Math.max(found.y, y);
      if (down <= 0) continue;
      const [shared, own] = [across * down, found.width * found.height];
      overlaps[row * truth.length + column] = shared / (crowd ? own : own + width * height - shared);
    }
  }
  return overlaps;
}

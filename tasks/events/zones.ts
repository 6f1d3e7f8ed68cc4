import type { Polygon } from '#datasets';

/**
 * Whether a point lies in a polygon or on its edge: a ray from it crosses the outline an odd number of times (Shimrat 1962,
 * "Algorithm 112: Position of point relative to polygon").
 */
export function isInside([x, y]: readonly [number, number], polygon: Polygon): boolean {
  let inside = false;
  for (const [at, [x2, y2]] of polygon.entries()) {
    const [x1, y1] = polygon.at(at - 1) ?? [x2, y2];
    const turn = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
    const isBeside = x >= Math.min(x1, x2) && x <= Math.max(x1, x2) && y >= Math.min(y1, y2) && y <= Math.max(y1, y2);
    if (turn === 0 && isBeside) return true;
    if (y1 > y !== y2 > y && turn > 0 === y2 > y1) inside = !inside;
  }
  return inside;
}

import type { Box } from './outputs/boxes.ts';

/** More than these are not compared with each other: the best ones, as many as Ultralytics takes. */
const MOST_COMPARED = 30_000;

export type Suppression = { nms: 'none' | 'per-class' | 'agnostic'; iou?: number | undefined; 'at-most': number };

/**
 * Greedy non-maximum suppression: the best box stays, and whatever overlaps it by more than `iou` goes (of its class, or of any).
 * @returns at most so many boxes, the best first; equal scores in the order in which the model gave them
 */
export function suppress(boxes: readonly Box[], { nms, iou = 1, 'at-most': most }: Suppression): Box[] {
  const best = boxes.toSorted((a, b) => b.score - a.score);
  if (nms === 'none') return best.slice(0, most);
  const kept: Box[] = [];
  for (const box of best.slice(0, MOST_COMPARED)) {
    if (kept.length >= most) break;
    const covered = kept.some((better) => (nms === 'agnostic' || better.index === box.index) && overlap(better, box) > iou);
    if (!covered) kept.push(box);
  }
  return kept;
}

/** Intersection over union; 0 for boxes without any area. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
  const height = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
  if (!(width > 0) || !(height > 0)) return 0;
  const shared = width * height;
  return shared / (areaOf(a) + areaOf(b) - shared);
}

/** In square pixels. */
export function areaOf({ x1, y1, x2, y2 }: Pick<Box, 'x1' | 'y1' | 'x2' | 'y2'>): number {
  return Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
}

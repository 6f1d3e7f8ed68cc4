import type { TrueBox } from '#datasets';
import { overlapsOf, type Rectangle } from './overlaps.ts';

/** `aside`: its thing is too hard to be asked for, so that it is neither right nor wrong. */
export type VocVerdict = 'right' | 'wrong' | 'aside';

/** At least so much is the right place (VOC development kit, `VOCopts.minoverlap`). */
const ENOUGH = 0.5;

/**
 * Boxes of one class in one picture as Pascal VOC counts them (Everingham et al., "The Pascal Visual Object Classes Challenge", IJCV
 * 2010; `VOCevaldet.m` of its development kit). Each box goes to the true one that it overlaps most, taken or not: the second to come
 * to it is wrong, where COCO would give it the next best.
 * @param boxes best first
 */
export function matchVoc(boxes: readonly Rectangle[], truth: readonly TrueBox[]): VocVerdict[] {
  if (truth.length === 0) return boxes.map(() => 'wrong');
  const whole = truth.map(({ box }) => ({ box, crowd: false }));
  const overlaps = overlapsOf(boxes, whole);
  const taken = new Set<number>();
  return boxes.map((_, row) => {
    const own = overlaps.subarray(row * truth.length, (row + 1) * truth.length);
    const best = own.indexOf(Math.max(...own));
    const match = truth[best];
    if (match === undefined || (own[best] ?? 0) < ENOUGH) return 'wrong';
    if (match.ignore || match.crowd) return 'aside';
    if (taken.has(best)) return 'wrong';
    taken.add(best);
    return 'right';
  });
}

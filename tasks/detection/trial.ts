import type { DetectionDataset, TrueBox } from '#datasets';
import type { Ties } from '../metric.ts';
import type { Answered, Trial } from '../task.ts';
import type { Boxes } from './answer.ts';
import { ANY_SIZE, HALF } from './coco.ts';
import { isAsked } from './match-class.ts';
import { matchPicture, type PictureMatches } from './match-picture.ts';

/** The boxes of one picture beside the true ones, matched once for whatever is measured of them. */
export type DetectionTrial = Trial &
  Boxes & { truth: readonly TrueBox[]; matches: PictureMatches; ties?: Ties; sequence?: string };

export function scoreBoxes({ answer, item }: Answered<DetectionDataset, Boxes>): DetectionTrial {
  const { boxes, cluster, sequence } = item.truth;
  const matches = matchPicture(boxes, answer.boxes);
  const place = { slices: item.slices, cluster: cluster ?? answer.id, site: null, seconds: null };
  return { ...answer, ...place, truth: boxes, matches, ...(sequence !== undefined && { sequence }) };
}

/** A box that counts: its place in the answer, and the true one that it found, by its place. */
export type Found = { box: number; truth: number };

/**
 * What the model would act on: its boxes at or above its own threshold, at an overlap of at least a half. Boxes on what is not asked
 * for are neither.
 */
export function whatCounts({ threshold, matches }: DetectionTrial): { right: Found[]; wrong: number[] } {
  const [right, wrong]: [Found[], number[]] = [[], []];
  for (let place = 0; place < matches.order.length; place += 1) {
    if (threshold === null || !((matches.scores[place] ?? 0) >= threshold)) continue;
    const box = matches.order[place] ?? 0;
    const verdict = verdictOf(matches, place);
    if (verdict === 'right') right.push({ box, truth: matches.partners[place] ?? -1 });
    if (verdict === 'wrong') wrong.push(box);
  }
  return { right, wrong };
}

/** Of a box of any size, at an overlap of a half. `aside`: on something that is not asked for. */
export function verdictOf(matches: PictureMatches, place: number): 'right' | 'wrong' | 'aside' {
  const bits = ANY_SIZE * matches.order.length + place;
  if (((matches.right[bits] ?? 0) & (1 << HALF)) !== 0) return 'right';
  return ((matches.ignored[bits] ?? 0) & (1 << HALF)) === 0 ? 'wrong' : 'aside';
}

/** How many true boxes are asked for. */
export function askedIn({ truth }: Pick<DetectionTrial, 'truth'>): number {
  return truth.filter((one) => isAsked(one, ANY_SIZE)).length;
}

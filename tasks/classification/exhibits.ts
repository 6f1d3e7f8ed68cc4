import type { ClassificationDataset } from '#datasets';
import type { Exhibit } from '../exhibit.ts';
import { isRight, type RankedTrial } from './trial.ts';

/** A picture that only one of the two releases gets right. */
export function rankingExhibits(
  { candidate: after, reference: before }: { candidate: RankedTrial; reference: RankedTrial },
  { classes }: Pick<ClassificationDataset, 'classes'>,
): Exhibit[] {
  const is = isRight(after);
  if (isRight(before) === is) return [];
  const truth = classes[after.truth] ?? String(after.truth);
  const mistaken = classes[(is ? before : after).ranked[0] ?? -1] ?? 'nothing';
  const caption = is ? `${truth}: right now, was taken for ${mistaken}` : `${truth}: was right, now taken for ${mistaken}`;
  const weight = distance(after) + distance(before);
  return [{ change: is ? 'gained' : 'lost', id: after.id, at: null, caption, slices: after.slices, weight }];
}

/** A picture that it gets wrong; the surer it was, the clearer. */
export function rankingMisses(trial: RankedTrial, { classes }: Pick<ClassificationDataset, 'classes'>): Exhibit[] {
  if (isRight(trial)) return [];
  const truth = classes[trial.truth] ?? String(trial.truth);
  const caption = `${truth}: taken for ${classes[trial.ranked[0] ?? -1] ?? 'nothing'}`;
  return [{ change: 'lost', id: trial.id, at: null, caption, slices: trial.slices, weight: distance(trial) }];
}

/** How far the true class lies below the best; of one that is not among those kept, at least as far as the last of them. */
function distance({ ranked, scores, truth }: RankedTrial): number {
  const place = ranked.indexOf(truth);
  const best = scores[0] ?? 0;
  return best - (scores[place < 0 ? scores.length - 1 : place] ?? best);
}

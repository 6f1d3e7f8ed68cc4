import { z } from 'zod';
import { classScores, type InferResponse } from '#kernel';
import type { ClassificationDataset, Sample } from '#datasets';
import { mapScores, type ClassMapping } from '../class-mapping.ts';
import { rankScores } from './rank-scores.ts';

/** So many classes are ranked. */
export const KEPT = 5;

/** No more classes than this are kept of any sample, where more than are ranked share the last score. */
export const MOST = 32;

export const rankingSchema = z.strictObject({
  /** A path below the dataset's root; here a name that must be known, never opened. */
  id: z.string().min(1).max(4096),
  /** The best classes, best first, and their scores; ties go to the lowest index. Behind the fifth stand those that share its score. */
  ranked: z.array(z.int().nonnegative()).min(1).max(MOST).readonly(),
  scores: z.array(z.number()).min(1).max(MOST).readonly(),
  /** How many other classes share the last score. */
  more: z.int().nonnegative(),
});

/** What a classifier answered, reduced to what any top-k metric needs, however ties are broken. */
export type Ranking = z.output<typeof rankingSchema>;

/** @throws CouldNotRun when the response holds no scores of these classes for each sample */
export function decodeRankings(
  response: InferResponse,
  samples: readonly Sample[],
  { classes }: Pick<ClassificationDataset, 'classes'>,
  mapping: Pick<ClassMapping, 'toDataset'>,
): Ranking[] {
  const rows = classScores(response, samples.length, mapping.toDataset.length);
  return samples.map(({ id }, index) => {
    const scores = mapScores(rows[index] ?? new Float32Array(), mapping, classes.length);
    return { id, ...rankScores(scores, KEPT, MOST) };
  });
}

/** Five classes or all there are, each once, and behind them their equals: anything else is no ranking, whoever sends it. */
export function rankingFault(
  { ranked, scores, more }: Ranking,
  { classes }: Pick<ClassificationDataset, 'classes'>,
): string | null {
  const kept = Math.min(KEPT, classes.length);
  const isRanking =
    ranked.length >= kept &&
    scores.length === ranked.length &&
    new Set(ranked).size === ranked.length &&
    ranked.length + more <= classes.length &&
    (more === 0 || ranked.length === MOST) &&
    scores.slice(kept).every((score) => score === scores[kept - 1]) &&
    ranked.every((index) => index < classes.length) &&
    scores.every((score, place) => place === 0 || score <= (scores[place - 1] ?? score));
  return isRanking ? null : 'is answered with no ranking of its classes';
}

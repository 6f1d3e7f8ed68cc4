import type { Asked, Trial } from '../task.ts';
import type { ClassificationDataset } from '#datasets';
import type { Ranking } from './answer.ts';

/** `truth`: the true class, as an index into the dataset's classes. */
export type RankedTrial = Trial & Ranking & { truth: number };

export function scoreRanking(ranking: Ranking, { item: { truth, slices } }: Asked<ClassificationDataset>): RankedTrial {
  return { ...ranking, truth, slices, cluster: ranking.id, site: null, seconds: null };
}

export function isRight({ ranked, truth }: Pick<RankedTrial, 'ranked' | 'truth'>): boolean {
  return ranked[0] === truth;
}

/** Ties are never settled in silence. */
export function tieNotes(trials: readonly RankedTrial[]): string[] {
  const tied = trials.filter((trial) => trial.tied).length;
  return tied === 0 ? [] : [`${tied} samples had a tie for the best class; the lowest index won.`];
}

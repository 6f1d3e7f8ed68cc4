import type { Answered, Trial } from '../task.ts';
import type { ClassificationDataset } from '#datasets';
import type { Ranking } from './answer.ts';

/**
 * `truth`: the true class, as an index into the dataset's classes. `confidence`: the best score, where the scores are probabilities;
 * null for those of a model any of whose best scores is outside of 0 to 1.
 */
export type RankedTrial = Trial & Ranking & { truth: number; confidence: number | null };

type AnsweredRanking = Answered<ClassificationDataset, Ranking>;

export function scoreRankings(answered: readonly AnsweredRanking[]): RankedTrial[] {
  const best = ({ scores }: Ranking) => scores[0] ?? Number.NaN;
  const areProbabilities = answered.every(({ answer }) => best(answer) >= 0 && best(answer) <= 1);
  return answered.map(({ answer, item: { truth, slices } }) => {
    const confidence = areProbabilities ? best(answer) : null;
    return { ...answer, truth, confidence, slices, cluster: answer.id, site: null, seconds: null };
  });
}

export function isRight({ ranked, truth }: Pick<RankedTrial, 'ranked' | 'truth'>): boolean {
  return ranked[0] === truth;
}

import { netChange, type RatioMetric } from '../metric.ts';
import { explainReliability } from './reliability.ts';
import { settleTies } from './ties.ts';
import { isRight, type RankedTrial } from './trial.ts';

/**
 * The mean of (p - r)^2 over the samples: p is the score of the best class, and r is 1 where that class is right, else 0 (Brier 1950,
 * Monthly Weather Review 78:1). It is about the answer that is given alone: what a model thinks of a class that is neither among
 * its best nor right is not kept. Not defined for scores that are no probabilities.
 */
export const brier: RatioMetric<RankedTrial> = {
  name: 'brier-score',
  kind: 'ratio',
  unit: 'fraction',
  better: 'less',
  inWords: 'the squared error of its confidence',
  counted: 'samples with a probability as score',
  spread: { kind: 'bounded', range: () => 1 },
  settled: settleTies,
  totals: (trial) => ({ numerator: errorOf(trial), denominator: Number(trial.confidence !== null) }),
  pair: (candidate, reference) => {
    const denominator = Number(candidate.confidence !== null && reference.confidence !== null);
    const [after, before] = [denominator * errorOf(candidate), denominator * errorOf(reference)];
    return { candidate: after, reference: before, denominator, ...netChange(after, before, 'less') };
  },
  detail: explainReliability,
  explain: ({ totals }) => `over ${totals.denominator} samples`,
};

function errorOf(trial: RankedTrial): number {
  return trial.confidence === null ? 0 : (trial.confidence - Number(isRight(trial))) ** 2;
}

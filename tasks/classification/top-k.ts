import { netChange, type RatioMetric } from '../metric.ts';
import { explainCounts } from '../explain.ts';
import { settleTies } from './ties.ts';
import type { RankedTrial } from './trial.ts';

/** The fraction of samples whose true class is the best-scored one. */
export const top1: RatioMetric<RankedTrial> = topK('top1', 1, 'the share of samples that are named right');

/** The fraction of samples whose true class is among the five best-scored ones. */
export const top5: RatioMetric<RankedTrial> = topK('top5', 5, 'the share of samples whose right name is among the first five');

function topK(name: string, k: number, inWords: string): RatioMetric<RankedTrial> {
  const hit = ({ ranked, truth }: RankedTrial) => Number(ranked.slice(0, k).includes(truth));
  return {
    name,
    title: `top-${k} accuracy`,
    kind: 'ratio',
    unit: 'fraction',
    better: 'more',
    inWords,
    counted: 'samples',
    spread: { kind: 'bounded', range: () => 1 },
    totals: (trial) => ({ numerator: hit(trial), denominator: 1 }),
    pair: (candidate, reference) => ({
      candidate: hit(candidate),
      reference: hit(reference),
      denominator: 1,
      ...netChange(hit(candidate), hit(reference), 'more'),
    }),
    settled: settleTies,
    explain: (change) => explainCounts(change, 'samples'),
  };
}

import type { SampleTrial } from '../trial.ts';
import { netChange, type Metric } from '../metric.ts';

/** The fraction of samples whose true class is the best-scored one. */
export const top1: Metric<SampleTrial> = topK('top1', 1);

/** The fraction of samples whose true class is among the five best-scored ones. */
export const top5: Metric<SampleTrial> = topK('top5', 5);

function topK(name: 'top1' | 'top5', k: number): Metric<SampleTrial> {
  const hit = ({ ranked, truth }: SampleTrial) => Number(ranked.slice(0, k).includes(truth));
  return {
    name,
    unit: 'fraction',
    better: 'more',
    counted: 'samples',
    spread: { kind: 'bounded', range: () => 1 },
    totals: (trial) => ({ numerator: hit(trial), denominator: 1 }),
    pair: (candidate, reference) => ({
      candidate: hit(candidate),
      reference: hit(reference),
      denominator: 1,
      ...netChange(hit(candidate), hit(reference), 'more'),
    }),
  };
}

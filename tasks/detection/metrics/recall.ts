import { explainCounts } from '../../explain.ts';
import type { RatioMetric } from '../../metric.ts';
import { askedIn, whatCounts, type DetectionTrial } from '../trial.ts';
import { falsePositivesPerImage } from './false-positives.ts';

/** The share of true boxes that a box at or above the model's own threshold finds, overlapping it at least by half. */
export const recallAtThreshold: RatioMetric<DetectionTrial> = {
  name: 'recall-at-threshold',
  kind: 'ratio',
  unit: 'fraction',
  better: 'more',
  inWords: 'the share of things that it finds at its own threshold',
  counted: 'true boxes',
  needs: { metric: falsePositivesPerImage.name, because: 'a model with a lower threshold would pass' },
  spread: { kind: 'bounded', range: () => 1 },
  totals: (trial) => ({ numerator: foundIn(trial).size, denominator: trial.threshold === null ? 0 : askedIn(trial) }),
  pair(candidate, reference) {
    const [found, before] = [foundIn(candidate), foundIn(reference)];
    const known = candidate.threshold !== null && reference.threshold !== null;
    return {
      candidate: found.size,
      reference: before.size,
      denominator: known ? askedIn(candidate) : 0,
      gained: found.difference(before).size,
      lost: before.difference(found).size,
    };
  },
  explain: (change) => explainCounts(change, 'true boxes'),
};

function foundIn(trial: DetectionTrial): ReadonlySet<number> {
  return new Set(whatCounts(trial).right.map(({ truth }) => truth));
}

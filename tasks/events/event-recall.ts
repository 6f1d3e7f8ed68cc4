import type { ClipTrial } from '../trial.ts';
import type { Metric } from '../metric.ts';

/** The fraction of true events that were matched by a detection. */
export const eventRecall: Metric<ClipTrial> = {
  name: 'event-recall',
  unit: 'fraction',
  better: 'more',
  counted: 'events',
  spread: { kind: 'bounded', range: () => 1 },
  totals: ({ matches, truth }) => ({ numerator: matches.length, denominator: truth.length }),
  pair(candidate, reference) {
    const found = new Set(candidate.matches.map(({ truth }) => truth));
    const before = new Set(reference.matches.map(({ truth }) => truth));
    return {
      candidate: found.size,
      reference: before.size,
      denominator: candidate.truth.length,
      gained: found.difference(before).size,
      lost: before.difference(found).size,
    };
  },
};

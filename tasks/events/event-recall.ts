import { explainCounts } from '../explain.ts';
import type { EventTrial } from './trial.ts';
import type { RatioMetric } from '../metric.ts';
import { falseAlarmsPerHour } from './false-alarms.ts';

/** The fraction of true events that were matched by a detection. */
export const eventRecall: RatioMetric<EventTrial> = {
  name: 'event-recall',
  kind: 'ratio',
  unit: 'fraction',
  better: 'more',
  inWords: 'the share of events that are found',
  counted: 'events',
  needs: { metric: falseAlarmsPerHour.name, because: 'a model that always says yes would pass' },
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
  explain: (change) => explainCounts(change, 'events'),
};

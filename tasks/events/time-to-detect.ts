import type { EventTrial } from './trial.ts';
import type { RatioMetric } from '../metric.ts';

/** Mean seconds from the start of a detected event to its alarm. Paired over the events that both models detect. */
export const timeToDetect: RatioMetric<EventTrial> = {
  name: 'time-to-detect',
  kind: 'ratio',
  unit: 'seconds',
  better: 'less',
  inWords: 'the time from an event to its alarm',
  counted: 'detected events',
  spread: { kind: 'bounded', range: longestWait },
  totals: ({ matches }) => ({
    numerator: matches.reduce((sum, { delay }) => sum + delay, 0),
    denominator: matches.length,
  }),
  pair(candidate, reference) {
    const before = new Map(reference.matches.map(({ truth, delay }) => [truth, delay]));
    const sums = { candidate: 0, reference: 0, denominator: 0, gained: 0, lost: 0 };
    for (const { truth, delay } of candidate.matches) {
      const earlier = before.get(truth);
      if (earlier === undefined) continue;
      sums.candidate += delay;
      sums.reference += earlier;
      sums.denominator += 1;
      sums.gained += Math.max(0, earlier - delay);
      sums.lost += Math.max(0, delay - earlier);
    }
    return sums;
  },
  explain: ({ totals: { denominator }, clusters }) => `${denominator} events that both detect, in ${clusters} clusters`,
};

/** No detected event can be later than it lasted, or than the latest that was seen. */
function longestWait(trials: readonly EventTrial[]): number {
  const waits = trials.flatMap(({ truth, matches }) => [
    ...truth.map(({ start, end }) => end - start),
    ...matches.map(({ delay }) => delay),
  ]);
  return waits.reduce((longest, wait) => Math.max(longest, wait), 0);
}

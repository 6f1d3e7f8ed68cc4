import type { Entry } from '#ledger';
import { durationsOf, isInTheField, type Durations } from './clock.ts';
import { factsOf } from './read-facts.ts';
import { secondsBetween, secondsOf } from './spans.ts';
import type { IterationTimeline } from './timeline.ts';

/**
 * DORA's four keys (Forsgren, Humble and Kim 2018) for models: how often one is deployed, how long a change takes from its first commit
 * to the field, how many of those deployed are taken back, and how long that takes from the deployment to the revert.
 */
export type FourKeys = {
  deployments: number;
  /** From the first deployment to the last; null where they are less than a week apart, which says nothing of a week. */
  deploymentsPerWeek: number | null;
  leadTime: Durations | null;
  changeFailureRate: number | null;
  timeToRestore: Durations | null;
};

const WEEK = 7 * 24 * 60 * 60;

export function fourKeysOf(entries: readonly Entry[], timelines: readonly IterationTimeline[]): FourKeys {
  const first = new Map(
    factsOf(entries, 'deployment')
      .toReversed()
      .map(({ fact }) => [fact.verdict, fact.at]),
  );
  const times = [...first.values()].flatMap((at) => secondsOf(at) ?? []).toSorted((a, b) => a - b);
  const over = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const holds = factsOf(entries, 'hold').filter(({ fact }) => first.has(fact.verdict));
  const reverts = factsOf(entries, 'revert').filter(({ fact }) => fact.outcome === 'committed');
  const restored = reverts.flatMap(({ fact }) => {
    const at = first.get(fact.verdict);
    const seconds = at === undefined ? null : secondsBetween(at, fact.at);
    return seconds === null ? [] : [Math.max(0, seconds)];
  });
  const lead = timelines.filter((one) => isInTheField(one)).map(({ elapsed }) => elapsed);
  return {
    deployments: first.size,
    deploymentsPerWeek: over >= WEEK ? ((times.length - 1) * WEEK) / over : null,
    leadTime: durationsOf(lead),
    changeFailureRate: first.size === 0 ? null : new Set(holds.map(({ fact }) => fact.verdict)).size / first.size,
    timeToRestore: durationsOf(restored),
  };
}

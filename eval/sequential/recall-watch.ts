import { componentWeight } from './family.ts';
import { fixedShare, onsetOf, type FixedShare } from './fixed-share.ts';
import type { Suspect, Watch } from './watch.ts';

/**
 * One night's random, labelled sample at one site: for the whole (the empty name) and for each slice, the estimated recall of
 * its events, and how many events that rests on. What held no event is not there.
 */
export type NightRecall = ReadonlyMap<string, { recall: number; events: number }>;

/** Shares of the boldest bet that could not lose everything. */
const BOLDNESS = [0.1, 0.25, 0.5, 0.8] as const;
/** A change is expected every fifty nights or so. */
const SHARE = 0.02;
/** Labelled nights over which a recovery is judged. */
const RECOVERY = 10;
const WHOLE = '';

type Component = FixedShare & {
  slice: string;
  weight: number;
  nights: { recall: number; events: number; at: number }[];
  logs: number[][];
};

/**
 * Betting against H0: E[recall of the next night | all before] >= bound, for the site and each of its slices (Waudby-Smith and
 * Ramdas 2024, "Estimating means of bounded random variables by betting", section 4). A bet multiplies its wealth by
 * 1 + b (bound - recall), with b in [0, 1/(1 - bound)), whose mean is at most 1 under H0 and which cannot become negative, since
 * recall is at most 1. All bets see the same nights and so live in one filtration: their weighted average is an e-process.
 * @param bound the recall that is still as it should be, below 1
 */
export function recallWatch(bound: number): Watch<NightRecall> {
  const components = new Map<string, Component>();
  let taken = 0;
  let alarmedAt: number | null = null;
  const evidence = () => [...components.values()].reduce((sum, one) => sum + one.weight * (one.wealth() - 1), 1);
  return {
    take(values) {
      for (const slice of [...values.keys()].toSorted()) {
        const seen = values.get(slice);
        if (seen === undefined) continue;
        const known = components.get(slice);
        const component = known ?? newComponent(slice, [...components.keys()].filter((name) => name !== WHOLE).length);
        if (known === undefined) components.set(slice, component);
        if (alarmedAt === null) place(component, bound - seen.recall, bound);
        component.nights.push({ ...seen, at: taken });
      }
      taken += 1;
    },
    evidence,
    hasBet: () => components.size > 0,
    suspect: () => suspectOf(components),
    alarm: () => void (alarmedAt = taken),
    isOver: () => {
      if (alarmedAt === null) return false;
      const since = (components.get(WHOLE)?.nights ?? []).filter(({ at }) => at >= (alarmedAt ?? 0)).slice(-RECOVERY);
      return since.length === RECOVERY && pooled(since) >= bound;
    },
  };
}

function newComponent(slice: string, sliceNumber: number): Component {
  const purse = fixedShare(1 + BOLDNESS.length, SHARE);
  const weight = componentWeight(slice === WHOLE ? null : sliceNumber);
  return { slice, weight, nights: [], logs: BOLDNESS.map(() => []), ...purse };
}

function place(component: Component, short: number, bound: number): void {
  const factors = BOLDNESS.map((part) => 1 + (part / (1 - bound)) * short);
  component.bet([1, ...factors]);
  for (const [bet, log] of component.logs.entries()) log.push(Math.log(factors[bet] ?? 1));
}

function suspectOf(components: ReadonlyMap<string, Component>): Suspect {
  const component = [...components.values()].reduce<Component | null>(
    (best, one) => (best === null || one.weight * one.wealth() > best.weight * best.wealth() ? one : best),
    null,
  );
  if (component === null) return { slice: WHOLE, statistic: 0, before: 0, since: 0, onset: 0 };
  const { nights, logs, slice } = component;
  const best = logs.map((log) => onsetOf(log)).reduce((most, one) => (one.sum > most.sum ? one : most));
  const change = Math.min(best.index, nights.length - 1);
  return {
    slice,
    statistic: 0,
    before: pooled(nights.slice(0, change)),
    since: pooled(nights.slice(change)),
    onset: nights[change]?.at ?? 0,
  };
}

/** Events of several nights together. 0 where there were none. */
function pooled(nights: readonly { recall: number; events: number }[]): number {
  const events = nights.reduce((sum, night) => sum + night.events, 0);
  return events === 0 ? 0 : nights.reduce((sum, night) => sum + night.recall * night.events, 0) / events;
}

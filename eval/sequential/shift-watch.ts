import type { Random } from '../stats/rng.ts';
import { componentWeight } from './family.ts';
import { rankMartingale, type RankMartingale } from './rank-martingale.ts';
import type { Suspect, Watch } from './watch.ts';

/**
 * One night of one signal at one site: for the whole (the empty name) and for each slice, one number for each statistic of the
 * signal. A slice that did not occur is not there.
 */
export type NightValues = ReadonlyMap<string, readonly number[]>;

export type ShiftOptions = {
  /** Nights that are taken in before the first bet; at least 2. */
  reference: number;
  /** So many nights in a row between the smallest and the largest of those before the onset end an alarm. */
  quietNights: number;
  /** Breaks ties between equal nights. */
  next: Random;
};

const WHOLE = '';

type Component = {
  slice: string;
  statistic: number;
  weight: number;
  ranks: RankMartingale;
  values: number[];
  /** Number of the night (in the run) of each value. */
  at: number[];
};

/**
 * Follows every statistic of a signal, for the whole site and each of its slices, by a `rankMartingale`; night being the unit
 * because the clips of one share its weather. Each is a martingale among its own ranks only, so they are not averaged: each may
 * spend its own part of the error (Ville's inequality for each, and the union bound over them), and the largest counts.
 */
export function shiftWatch({ reference, quietNights, next }: ShiftOptions): Watch<NightValues> {
  const components = new Map<string, Component>();
  const slices: string[] = [];
  let taken = 0;
  let frozen: { component: Component; low: number; high: number; quiet: number } | null = null;
  const componentOf = (slice: string, statistic: number, of: number): Component => {
    const key = `${slice} ${statistic}`;
    const known = components.get(key);
    if (known !== undefined) return known;
    if (slice !== WHOLE && !slices.includes(slice)) slices.push(slice);
    const weight = componentWeight(slice === WHOLE ? null : slices.indexOf(slice)) / of;
    const component = { slice, statistic, weight, ranks: rankMartingale(reference, next), values: [], at: [] };
    components.set(key, component);
    return component;
  };
  const take = (component: Component, value: number) => {
    if (frozen === null) component.ranks.take(value);
    component.values.push(value);
    component.at.push(taken);
    if (frozen?.component === component) frozen.quiet = value >= frozen.low && value <= frozen.high ? frozen.quiet + 1 : 0;
  };
  return {
    take(values) {
      // In a fixed order, so that the same night always draws the same numbers.
      for (const slice of [...values.keys()].toSorted()) {
        const statistics = values.get(slice) ?? [];
        for (const [statistic, value] of statistics.entries()) take(componentOf(slice, statistic, statistics.length), value);
      }
      taken += 1;
    },
    evidence: () => evidenceOf(strongest(components)),
    hasBet: () => [...components.values()].some(({ ranks }) => ranks.hasBet()),
    suspect: () => suspectOf(strongest(components)),
    alarm() {
      const component = strongest(components);
      if (component === null) return;
      const before = component.values.slice(0, component.ranks.onset());
      frozen = { component, low: Math.min(...before), high: Math.max(...before), quiet: 0 };
    },
    isOver: () => frozen !== null && frozen.quiet >= quietNights,
  };
}

function evidenceOf(component: Component | null): number {
  return component === null ? 0 : component.weight * component.ranks.wealth();
}

function strongest(components: ReadonlyMap<string, Component>): Component | null {
  return [...components.values()].reduce<Component | null>(
    (best, one) => (evidenceOf(one) > evidenceOf(best) ? one : best),
    null,
  );
}

function suspectOf(component: Component | null): Suspect {
  if (component === null) return { slice: WHOLE, statistic: 0, before: 0, since: 0, onset: 0 };
  const { slice, statistic, values, at, ranks } = component;
  const index = ranks.onset();
  return { slice, statistic, before: mean(values.slice(0, index)), since: mean(values.slice(index)), onset: at[index] ?? 0 };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { median } from '../stats/quantile.ts';

/** A step of an earlier check, as this machine timed it. `items`: what was counted in it; 0 where nothing was. */
export type TimedStep = { name: string; items: number; seconds: number };

/** The steps of one check; what it took beside them, such as building and starting, is the rest of `seconds`. */
export type TimedCheck = { seconds: number; steps: readonly TimedStep[] };

/** `items`: to be counted, 0 where such a step may have been one of an earlier check; null where the step takes as long as it takes. */
export type PlannedStep = { name: string; items: number | null };

export type TimeForecast = {
  /** Null where no check was timed here yet. */
  seconds: number | null;
  /** Of each step in which anything is done; null where none like it was timed. */
  steps: readonly { name: string; seconds: number | null }[];
};

/** The newest so many say how fast it goes today. */
const NEWEST = 5;
/** A step so short says little of how long one item takes. */
const LEAST_ITEMS = 5;

/** By the medians of the newest checks: for each item where a step counts them, and as a whole where it does not. */
export function forecastTime(checks: readonly TimedCheck[], planned: readonly PlannedStep[]): TimeForecast {
  const steps = planned
    .filter(({ items }) => items !== 0)
    .map(({ name, items }) => ({ name, seconds: secondsOf(checks, name, items) }));
  const newest = checks.slice(-NEWEST);
  if (newest.length === 0 || steps.some(({ seconds }) => seconds === null)) return { seconds: null, steps };
  const names = new Set(planned.map(({ name }) => name));
  const rest = median(newest.map((check) => check.seconds - total(check.steps.filter(({ name }) => names.has(name)))));
  return { seconds: Math.max(0, rest) + steps.reduce((all, { seconds }) => all + (seconds ?? 0), 0), steps };
}

function secondsOf(checks: readonly TimedCheck[], name: string, items: number | null): number | null {
  const alike = checks.flatMap(({ steps }) => steps.filter((step) => step.name === name));
  if (items === null) return alike.length === 0 ? null : median(alike.slice(-NEWEST).map(({ seconds }) => seconds));
  const counted = alike.filter((step) => step.items >= Math.min(LEAST_ITEMS, items)).slice(-NEWEST);
  return counted.length === 0 ? null : items * median(counted.map((step) => step.seconds / step.items));
}

function total(steps: readonly TimedStep[]): number {
  return steps.reduce((sum, { seconds }) => sum + seconds, 0);
}

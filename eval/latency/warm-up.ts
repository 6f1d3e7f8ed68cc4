import { median } from '../stats/quantile.ts';

/** `from`: index of the first request that counts. `steady` is false when times still changed in the latter half. */
export type WarmUp = { from: number; steady: boolean };

const CHANCE = 0.01;
/** A change by less than this is no reason to wait. */
const NOTICEABLE = 1.02;

/**
 * Drops what came before the last change of level, as long as that is slower than what follows and lies in the first half.
 * Changes are found by Pettitt's test (1979), which goes by ranks: a single slow request moves nothing.
 * @param milliseconds of the requests to one arm, in the order sent
 */
export function findWarmUp(milliseconds: readonly number[]): WarmUp {
  const half = milliseconds.length / 2;
  let from = 0;
  for (;;) {
    const rest = milliseconds.slice(from);
    const change = changePoint(rest);
    if (change === null) return { from, steady: true };
    const [before, after] = [median(rest.slice(0, change)), median(rest.slice(change))];
    if (Math.max(before / after, after / before) < NOTICEABLE) return { from, steady: true };
    if (from + change > half) return { from, steady: false };
    from += change;
  }
}

/** Where the level most likely changed; null when chance explains it. */
function changePoint(values: readonly number[]): number | null {
  const n = values.length;
  const ranks = ranksOf(values);
  let [sum, largest, at] = [0, 0, 0];
  ranks.forEach((rank, index) => {
    sum += rank;
    const statistic = Math.abs(2 * sum - (index + 1) * (n + 1));
    if (statistic > largest) [largest, at] = [statistic, index + 1];
  });
  const chance = 2 * Math.exp((-6 * largest ** 2) / (n ** 3 + n ** 2));
  return n >= 10 && chance < CHANCE && at < n ? at : null;
}

/** 1 for the smallest; equal values share the mean of their ranks. */
function ranksOf(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const [first, last] = [new Map<number, number>(), new Map<number, number>()];
  sorted.forEach((value, index) => {
    if (!first.has(value)) first.set(value, index + 1);
    last.set(value, index + 1);
  });
  return values.map((value) => ((first.get(value) ?? 0) + (last.get(value) ?? 0)) / 2);
}

import { LEVEL } from '../stats/level.ts';
import { quantile } from '../stats/quantile.ts';
import { random } from '../stats/rng.ts';
import type { Belief } from './result.ts';

const DRAWS = 200;
const FEWEST = 5;

/** Kendall's tau-b with its percentile bootstrap interval over pairs; null below five, or where one side never varies. */
export function rankAgreement(pairs: readonly (readonly [number, number])[]): Belief | null {
  const value = kendallTau(pairs);
  if (pairs.length < FEWEST || value === null) return null;
  const next = random(pairs.length);
  const drawn = Array.from({ length: DRAWS }, () =>
    kendallTau(pairs.map(() => pairs[Math.floor(next() * pairs.length)] ?? [0, 0])),
  ).filter((tau) => tau !== null);
  return { value, interval: { low: quantile(drawn, 1 - LEVEL), high: quantile(drawn, LEVEL) } };
}

/**
 * Kendall 1945: ties of either side count in neither direction. Counted in n log n (Knight 1966): in order of x, the pairs that differ are
 * the exchanges that bring y into order.
 */
export function kendallTau(pairs: readonly (readonly [number, number])[]): number | null {
  const sorted = pairs.toSorted(([a, b], [c, d]) => a - c || b - d);
  const [x, y] = [sorted.map(([first]) => first), sorted.map(([, second]) => second)];
  const all = choices(pairs.length);
  const tiedX = tiesIn(x, (at) => x[at] === x[at - 1]);
  const tiedBoth = tiesIn(x, (at) => x[at] === x[at - 1] && y[at] === y[at - 1]);
  const exchanges = sortCounting(y);
  const tiedY = tiesIn(y, (at) => y[at] === y[at - 1]);
  const [untiedX, untiedY] = [all - tiedX, all - tiedY];
  if (untiedX === 0 || untiedY === 0) return null;
  return (all - tiedX - tiedY + tiedBoth - 2 * exchanges) / Math.sqrt(untiedX * untiedY);
}

/** Pairs among so many. */
function choices(count: number): number {
  return (count * (count - 1)) / 2;
}

/** Pairs within runs of equals. */
function tiesIn(list: readonly number[], isSame: (at: number) => boolean): number {
  let [ties, run] = [0, 1];
  for (let at = 1; at <= list.length; at += 1) {
    if (at < list.length && isSame(at)) run += 1;
    else {
      ties += choices(run);
      run = 1;
    }
  }
  return ties;
}

/** Sorts a list in its place, by merging, and says how many neighbours would have had to be exchanged. */
function sortCounting(list: number[]): number {
  let exchanges = 0;
  const merged = new Float64Array(list.length);
  for (let width = 1; width < list.length; width *= 2) {
    for (let low = 0; low < list.length; low += 2 * width) {
      const [middle, high] = [Math.min(low + width, list.length), Math.min(low + 2 * width, list.length)];
      let [left, right] = [low, middle];
      for (let at = low; at < high; at += 1) {
        const takesRight = right < high && (left >= middle || (list[right] ?? 0) < (list[left] ?? 0));
        if (takesRight) exchanges += middle - left;
        merged[at] = (takesRight ? list[right++] : list[left++]) ?? 0;
      }
    }
    for (const [at, value] of merged.entries()) list[at] = value;
  }
  return exchanges;
}

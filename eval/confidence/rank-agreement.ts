import { LEVEL } from '../stats/level.ts';
import { quantile } from '../stats/quantile.ts';
import { random } from '../stats/rng.ts';
import type { Belief } from './result.ts';

const DRAWS = 200;
const FEWEST = 5;

/** Kendall's tau-b with its percentile bootstrap interval over pairs; null below five, or where one side never varies. */
export function rankAgreement(pairs: readonly Pair[]): Belief | null {
  const value = kendallTau(pairs);
  if (pairs.length < FEWEST || value === null) return null;
  const next = random(pairs.length);
  const sorted = inOrder(pairs);
  const drawn = Array.from({ length: DRAWS }, () => tauInOrder(drawFrom(sorted, next))).filter((tau) => tau !== null);
  return { value, interval: { low: quantile(drawn, 1 - LEVEL), high: quantile(drawn, LEVEL) } };
}

type Pair = readonly [number, number];

/** As many pairs again, each of them any, in the order that they have: so that nobody has to sort them. */
function drawFrom(sorted: readonly Pair[], next: () => number): Pair[] {
  const times = new Uint32Array(sorted.length);
  for (let draw = 0; draw < sorted.length; draw += 1) {
    const at = Math.floor(next() * sorted.length);
    times[at] = (times[at] ?? 0) + 1;
  }
  const drawn: Pair[] = [];
  for (const [at, pair] of sorted.entries()) for (let time = times[at] ?? 0; time > 0; time -= 1) drawn.push(pair);
  return drawn;
}

/**
 * Kendall 1945: ties of either side count in neither direction. Counted in n log n (Knight 1966): in order of x, the pairs that differ are
 * the exchanges that bring y into order.
 */
export function kendallTau(pairs: readonly Pair[]): number | null {
  return tauInOrder(inOrder(pairs));
}

function inOrder(pairs: readonly Pair[]): Pair[] {
  return pairs.toSorted(([a, b], [c, d]) => a - c || b - d);
}

function tauInOrder(sorted: readonly Pair[]): number | null {
  const [x, y] = [sorted.map(([first]) => first), sorted.map(([, second]) => second)];
  const all = choices(sorted.length);
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

/** Sorts a list by merging, and says how many neighbours would have had to be exchanged. The list is left in that order. */
function sortCounting(list: number[]): number {
  let exchanges = 0;
  let [from, to] = [Float64Array.from(list), new Float64Array(list.length)];
  for (let width = 1; width < list.length; width *= 2) {
    for (let low = 0; low < list.length; low += 2 * width) {
      const [middle, high] = [Math.min(low + width, list.length), Math.min(low + 2 * width, list.length)];
      let [left, right] = [low, middle];
      for (let at = low; at < high; at += 1) {
        const takesRight = right < high && (left >= middle || (from[right] ?? 0) < (from[left] ?? 0));
        if (takesRight) exchanges += middle - left;
        to[at] = (takesRight ? from[right++] : from[left++]) ?? 0;
      }
    }
    [from, to] = [to, from];
  }
  for (let at = 0; at < list.length; at += 1) list[at] = from[at] ?? 0;
  return exchanges;
}

import type { Interval } from '../gate.ts';

/**
 * The score interval for a difference of paired proportions (Tango 1998, Statistics in Medicine 17:891), which has a
 * width even when no pair differs. The score statistic falls with the difference, so each bound is found by bisection.
 * @param gained pairs in which only the first was a success; need not be whole
 * @param lost pairs in which only the second was
 * @param n all pairs, above 0
 * @param z normal quantile of the one-sided level of each bound
 */
export function tangoInterval(gained: number, lost: number, n: number, z: number): Interval {
  const score = (delta: number) => tangoScore(gained, lost, n, delta);
  return { low: solve(score, z), high: solve(score, -z) };
}

/** (gained - lost - n delta) over its standard error under the hypothesis that the difference is delta. */
function tangoScore(gained: number, lost: number, n: number, delta: number): number {
  const b = (2 * n - gained + lost) * delta - gained - lost;
  const c = -lost * delta * (1 - delta);
  const q = (Math.sqrt(Math.max(0, b * b - 8 * n * c)) - b) / (4 * n);
  const variance = n * (2 * q + delta * (1 - delta));
  const distance = gained - lost - n * delta;
  if (variance > 0) return distance / Math.sqrt(variance);
  return distance === 0 ? 0 : Math.sign(distance) * Infinity;
}

function solve(decreasing: (delta: number) => number, value: number): number {
  let [low, high] = [-1, 1];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (decreasing(middle) > value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

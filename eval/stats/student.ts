import type { Interval } from '../gate.ts';
import { tQuantile } from './distributions.ts';
import { LEVEL } from './level.ts';

/**
 * The mean of a normal distribution and its interval (Student 1908): one-sided error 5% on either side.
 * @param values independent of each other; of fewer than two there is no interval
 * @param spent degrees of freedom that were used up otherwise; one is left where there would be none
 */
export function student(values: readonly number[], spent = 0): { value: number; interval: Interval | null } {
  const n = values.length;
  const value = values.reduce((sum, x) => sum + x, 0) / n;
  if (n < 2) return { value, interval: null };
  const variance = values.reduce((sum, x) => sum + (x - value) ** 2, 0) / (n - 1);
  const half = tQuantile(LEVEL, Math.max(1, n - 1 - spent)) * Math.sqrt(variance / n);
  return { value, interval: { low: value - half, high: value + half } };
}

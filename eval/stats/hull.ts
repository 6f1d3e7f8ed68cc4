import type { Interval } from '../gate.ts';

/** The narrowest interval that holds both. */
export function hull(one: Interval, other: Interval): Interval {
  return { low: Math.min(one.low, other.low), high: Math.max(one.high, other.high) };
}

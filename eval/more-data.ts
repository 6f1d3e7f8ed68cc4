import type { Interval } from './gate.ts';
import { decide } from './decide.ts';

/** More than this many times the data is no plan. */
const MOST = 100;

/**
 * How many times as much data would decide, if it turned out like what was seen; null when no realistic amount would.
 * @param expected the interval to expect of so many times the data, narrower as there is more
 */
export function dataThatDecides(expected: (by: number) => Interval, margin: number): number | null {
  const decides = (by: number) => decide(expected(by), margin) !== 'inconclusive';
  if (!decides(MOST)) return null;
  let [low, high] = [1, MOST];
  for (let step = 0; step < 40; step += 1) {
    const middle = Math.sqrt(low * high);
    if (decides(middle)) high = middle;
    else low = middle;
  }
  return high;
}

import type { Interval } from '../gate.ts';
import { LEVEL, Z } from './level.ts';
import { median, quantileSorted } from './quantile.ts';

/**
 * The centre of a symmetric distribution (Hodges and Lehmann 1963) with the exact interval of the signed-rank test: of all
 * Walsh averages the median, and as many from either end as the test would not have rejected.
 *
 * Latency ratios of interleaved pairs are symmetric by design: when both arms are the same, swapping them changes nothing
 * but the sign. That makes this interval exact there without a bootstrap, whose jackknife fails on medians, and it is
 * nearly as narrow as that of a mean while a third of the pairs may be disturbed.
 */
export function hodgesLehmann(values: readonly number[]): { value: number; interval: Interval | null } {
  const averages = walshAverages(values);
  if (averages.length === 0) return { value: Number.NaN, interval: null };
  const value = median(averages);
  const cut = criticalCount(values.length);
  if (cut < 1) return { value, interval: null };
  const low = averages[cut - 1] ?? quantileSorted(averages, 0);
  const high = averages[averages.length - cut] ?? quantileSorted(averages, 1);
  return { value, interval: { low, high } };
}

function walshAverages(values: readonly number[]): Float64Array {
  const n = values.length;
  const averages = new Float64Array((n * (n + 1)) / 2);
  let at = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = i; j < n; j += 1) averages[at++] = ((values[i] ?? 0) + (values[j] ?? 0)) / 2;
  }
  return averages.toSorted();
}

const EXACT = 50;

/** The largest c with P(W < c) at most 5%, W the signed-rank statistic of n pairs; 0 for fewer than 5 pairs. */
function criticalCount(n: number): number {
  if (n > EXACT) return Math.floor((n * (n + 1)) / 4 - Z * Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24));
  const ways = signedRankWays(n);
  let [below, c] = [0, 0];
  while (below + (ways[c] ?? 0) <= (1 - LEVEL) * 2 ** n) {
    below += ways[c] ?? 0;
    c += 1;
  }
  return c;
}

/** In how many of the 2^n sign patterns the positive ranks add up to each sum. */
function signedRankWays(n: number): Float64Array {
  const ways = new Float64Array((n * (n + 1)) / 2 + 1);
  ways[0] = 1;
  for (let rank = 1; rank <= n; rank += 1) {
    for (let sum = ways.length - 1; sum >= rank; sum -= 1) ways[sum] = (ways[sum] ?? 0) + (ways[sum - rank] ?? 0);
  }
  return ways;
}

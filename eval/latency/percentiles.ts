import type { Interval, LatencyMetric } from '../gate.ts';
import { binomialCdf } from '../stats/distributions.ts';
import { LEVEL } from '../stats/level.ts';
import { quantileSorted } from '../stats/quantile.ts';

export type Percentile = LatencyMetric | 'latency-p99' | 'latency-p99.9';

export const shareBelow: Readonly<Record<Percentile, number>> = {
  'latency-p50': 0.5,
  'latency-p90': 0.9,
  'latency-p95': 0.95,
  'latency-p99': 0.99,
  'latency-p99.9': 0.999,
};

/** Each, as the subject of a sentence for somebody who has not read any documentation. */
export const IN_WORDS: Readonly<Record<Percentile, string>> = {
  'latency-p50': 'the median answer time',
  'latency-p90': 'the answer time that 90% of requests keep',
  'latency-p95': 'the answer time that 95% of requests keep',
  'latency-p99': 'the answer time that 99% of requests keep',
  'latency-p99.9': 'the answer time that 99.9% of requests keep',
};

/**
 * The fewest requests of which a percentile may be told: MLPerf LoadGen's early stopping at 99% confidence. Of fewer there
 * is none. A median may be told of any five.
 */
export const fewestRequests: Readonly<Record<Percentile, number>> = {
  'latency-p50': 5,
  'latency-p90': 64,
  'latency-p95': 130,
  'latency-p99': 662,
  'latency-p99.9': 6636,
};

/** Each percentile of these requests, null where there are too few. */
export function percentilesOf(milliseconds: readonly number[]): Record<Percentile, number | null> {
  const sorted = Float64Array.from(milliseconds).toSorted();
  const at = (name: Percentile) => (sorted.length < fewestRequests[name] ? null : quantileSorted(sorted, shareBelow[name]));
  return {
    'latency-p50': at('latency-p50'),
    'latency-p90': at('latency-p90'),
    'latency-p95': at('latency-p95'),
    'latency-p99': at('latency-p99'),
    'latency-p99.9': at('latency-p99.9'),
  };
}

/**
 * Distribution-free one-sided 95% bounds of a percentile: the order statistics between which it lies whatever the times are
 * distributed like, if requests are independent. Null when even the largest is no upper bound.
 */
export function boundPercentile(milliseconds: readonly number[], share: number): Interval | null {
  const sorted = Float64Array.from(milliseconds).toSorted();
  const n = sorted.length;
  let [below, above] = [0, n];
  while (below < n && binomialCdf(below, n, share) <= 1 - LEVEL) below += 1;
  while (above > 0 && binomialCdf(above - 1, n, share) >= LEVEL) above -= 1;
  const high = sorted[above];
  return high === undefined ? null : { low: sorted[below - 1] ?? 0, high };
}

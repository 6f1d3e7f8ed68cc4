import type { Estimate, LatencyMetric } from '../gate.ts';
import { quantile } from '../stats/quantile.ts';
import { hodgesLehmann } from '../stats/hodges-lehmann.ts';
import { student } from '../stats/student.ts';
import { fewestRequests, shareBelow } from './percentiles.ts';
import type { Arm, LatencyBlock } from './plan-blocks.ts';

/** So many requests of each arm make one comparison of a percentile: pairs of a start are pooled until they are there. */
const PER_COMPARISON: Readonly<Record<LatencyMetric, number>> = { 'latency-p50': 5, 'latency-p90': 20, 'latency-p95': 40 };

/**
 * A measurement ends once its intervals are narrow (`isPrecise`), and that is sooner where the spread happens to look small: the interval then
 * holds the truth less often than it says (Chow and Robbins 1965; Starr 1966, Annals of Mathematical Statistics 37:1173). With two
 * degrees of freedom less it does (bench/statistics-coverage.ts); of many starts neither the fault nor the remedy is seen.
 */
const SPENT_ON_ENDING = 2;

type Pool = { reference: number[]; other: number[] };

/**
 * How much faster an arm is than the reference, as log(reference / arm): above 0 is faster. Each pair of neighbouring
 * blocks is compared with itself alone, so that what the machine did meanwhile drops out; the centre of these log-ratios
 * is what one start says. Two processes of one program differ for as long as they run, however long that is, so the
 * interval goes by how starts differ (Kalibera and Jones 2013, Rigorous Benchmarking in Reasonable Time).
 */
export function estimateSpeedUp(
  blocks: readonly LatencyBlock[],
  arm: Exclude<Arm, 'reference'>,
  metric: LatencyMetric,
): Estimate {
  const starts = [...Map.groupBy(blocks, ({ start }) => start).values()]
    .map((own) => poolPairs(own, arm, PER_COMPARISON[metric]))
    .filter((pools) => pools.length > 0);
  const n = starts.flat().reduce((sum, { other }) => sum + other.length, 0);
  const clusters = starts.length;
  if (n < fewestRequests[metric]) {
    const method = `no ${metric.replace('latency-', '')}: n = ${n} < ${fewestRequests[metric]}`;
    return { value: null, interval: null, method, clusters, n };
  }
  const gains = starts.map((pools) => hodgesLehmann(pools.map((pool) => speedUpOf(pool, shareBelow[metric]))));
  const { value, interval } = student(gains, SPENT_ON_ENDING);
  return { value, interval, method: 'Student over starts, of Hodges-Lehmann over interleaved block pairs', clusters, n };
}

function speedUpOf({ reference, other }: Pool, share: number): number {
  return Math.log(quantile(reference, share) / quantile(other, share));
}

/** The same as a ratio of latencies, arm over reference: 1 is equal, 2 is twice as slow. */
export function estimateRatio(blocks: readonly LatencyBlock[], arm: Exclude<Arm, 'reference'>, metric: LatencyMetric): Estimate {
  const { value, interval, ...rest } = estimateSpeedUp(blocks, arm, metric);
  return {
    ...rest,
    value: value === null ? null : Math.exp(-value),
    interval: interval === null ? null : { low: Math.exp(-interval.high), high: Math.exp(-interval.low) },
  };
}

/** Neighbouring pairs together, until either arm has enough; what is left over joins the last. */
function poolPairs(blocks: readonly LatencyBlock[], arm: Arm, enough: number): Pool[] {
  const pools: Pool[] = [];
  for (const pair of pairsOf(blocks, arm)) {
    const last = pools.at(-1);
    if (last !== undefined && Math.min(last.reference.length, last.other.length) < enough) {
      last.reference.push(...pair.reference);
      last.other.push(...pair.other);
    } else pools.push({ reference: [...pair.reference], other: [...pair.other] });
  }
  const [rest, before] = [pools.at(-1), pools.at(-2)];
  if (rest === undefined || before === undefined || Math.min(rest.reference.length, rest.other.length) >= enough) return pools;
  before.reference.push(...rest.reference);
  before.other.push(...rest.other);
  return pools.slice(0, -1);
}

function pairsOf(blocks: readonly LatencyBlock[], arm: Arm): Pool[] {
  const byPair = Map.groupBy(blocks, ({ pair }) => pair);
  return [...byPair]
    .toSorted(([a], [b]) => a - b)
    .map(([, own]) => ({ reference: timesOf(own, 'reference'), other: timesOf(own, arm) }))
    .filter(({ reference, other }) => reference.length > 0 && other.length > 0);
}

function timesOf(blocks: readonly LatencyBlock[], wanted: Arm): number[] {
  return blocks.flatMap(({ arm, milliseconds }) => (arm === wanted ? milliseconds : []));
}

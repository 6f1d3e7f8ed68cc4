import type { Metric, PooledMetric, RatioMetric, Trial } from '#tasks';
import { decide } from './decide.ts';
import type { Finding } from './finding.ts';
import { footageOf, type Footage } from './footage.ts';
import type { Interval } from './gate.ts';
import type { Asked } from './asked.ts';
import { dataThatDecides } from './more-data.ts';
import { nothingToBound } from './nothing-measured.ts';
import { clustersOf, placesOfClusters, type PairedTrial } from './paired-trials.ts';
import { boundedMean, proportion, rate, type AbsoluteEstimate, type ClusterTotals } from './stats/absolute.ts';
import { minimumDetectableEffect } from './stats/level.ts';
import { estimatePooled } from './stats/pooled.ts';
import { explainBound, remedyFor } from './wording.ts';

/** The candidate alone. */
type Absolute = AbsoluteEstimate & { value: number; footage: Footage };

/** Whether the candidate alone keeps a bound: at least so much where more is better, at most where less is. */
export function judgeBound(asked: Asked, bound: number): Finding {
  const { metric, key, trials } = asked;
  const absolute = metric.kind === 'ratio' ? ratioOf({ ...asked, metric }) : pooledOf({ ...asked, metric });
  if (absolute === null) return nothingToBound(asked, bound);
  const { value, interval: own, method, footage } = absolute;
  const toGain = (number: number) => (metric.better === 'more' ? number - bound : bound - number);
  const gain = toGain(value);
  const interval = own === null ? null : ordered(toGain(own.low), toGain(own.high));
  const outcome = decide(interval, key.margin);
  const detail = metric.detail?.(trials.map(({ candidate }) => candidate)) ?? null;
  const remedy = () => remedyFor(interval === null ? null : dataThatDecides(narrowing(gain, interval), key.margin), footage);
  return {
    ...key,
    candidate: value,
    reference: bound,
    gain: { value: gain, interval, method, clusters: footage.clusters, n: trials.length },
    minimumDetectableEffect: interval === null ? null : minimumDetectableEffect(interval),
    outcome,
    identical: false,
    reason: `${explainBound(metric.inWords, { value, bound, interval, method }, key)}${detail === null ? '' : ` (${detail})`}`,
    remedy: outcome === 'inconclusive' ? remedy() : null,
  };
}

/** What a metric gives of one model alone. `clusters`: how many independent things it rests on. */
export type MeasuredAlone = { value: number; interval: Interval | null; method: string; clusters: number };

/** One model by itself, with nothing to compare it with or to hold it to; null where the metric is not defined on these trials. */
export function measureAlone(metric: Metric<Trial>, trials: readonly Trial[], seed: number): MeasuredAlone | null {
  const asked = { trials: trials.map((candidate) => ({ candidate, reference: null })), seed };
  const absolute = metric.kind === 'ratio' ? ratioOf({ ...asked, metric }) : pooledOf({ ...asked, metric });
  if (absolute === null) return null;
  const { value, interval, method, footage } = absolute;
  return { value, interval, method, clusters: footage.clusters };
}

type Measurable<M> = Pick<Asked<M>, 'metric' | 'trials' | 'seed'>;

function ratioOf({ metric, trials, seed }: Measurable<RatioMetric<Trial>>): Absolute | null {
  const sums = clustersOf(trials)
    .map((members) => ({ members, totals: members.map(({ candidate }) => metric.totals(candidate)) }))
    .map(({ members, totals }) => ({
      members,
      numerator: totals.reduce((sum, { numerator }) => sum + numerator, 0),
      denominator: totals.reduce((sum, { denominator }) => sum + denominator, 0),
    }))
    .filter(({ denominator }) => denominator > 0);
  const totals = {
    numerators: Float64Array.from(sums, ({ numerator }) => numerator),
    denominators: Float64Array.from(sums, ({ denominator }) => denominator),
  };
  const value = quotient(totals);
  if (value === null) return null;
  const members = sums.map((one) => one.members);
  return { value, ...estimate(metric, trials, totals, seed), footage: anywhere(trials, members, metric) };
}

function estimate(
  metric: RatioMetric<Trial>,
  trials: readonly PairedTrial[],
  totals: ClusterTotals,
  seed: number,
): AbsoluteEstimate {
  if (metric.spread.kind === 'count') return rate(totals);
  if (metric.unit === 'fraction') return proportion(totals);
  return boundedMean(totals, metric.spread.range(trials.map(({ candidate }) => candidate)), seed);
}

function pooledOf({ metric, trials, seed }: Measurable<PooledMetric<Trial>>): Absolute | null {
  const { value: statistic, ...rests } = metric.prepare(trials.map(({ candidate }) => candidate));
  const value = statistic(new Float64Array(trials.length).fill(1));
  if (value === null) return null;
  const clusters = placesOfClusters(trials);
  const footage = anywhere(trials, clusters, metric);
  const { interval, method } = estimatePooled(
    { statistic, clusters, unit: footage.unit, ...rests, counted: metric.counted },
    seed,
  );
  return { value, interval, method, footage };
}

/** A bound is of the whole: no site is asked for more than another. */
function anywhere(
  trials: readonly PairedTrial[],
  members: readonly (readonly unknown[])[],
  metric: Pick<Metric<Trial>, 'clusters'>,
): Footage {
  const footage = footageOf(trials, members, metric);
  return { ...footage, unit: footage.unit === 'sites' ? 'clips' : footage.unit, site: null };
}

function quotient({ numerators, denominators }: ClusterTotals): number | null {
  const weight = denominators.reduce((sum, value) => sum + value, 0);
  return weight > 0 ? numerators.reduce((sum, value) => sum + value, 0) / weight : null;
}

function ordered(a: number, b: number): Interval {
  return { low: Math.min(a, b), high: Math.max(a, b) };
}

function narrowing(value: number, { low, high }: Interval): (by: number) => Interval {
  return (by) => ({ low: value - (value - low) / Math.sqrt(by), high: value + (high - value) / Math.sqrt(by) });
}

import { decide } from './decide.ts';
import { unmeasured, type Finding } from './finding.ts';
import type { Interval } from './gate.ts';
import type { Asked } from './judge-gain.ts';
import { dataThatDecides } from './more-data.ts';
import { clustersOf } from './paired-trials.ts';
import { boundedMean, proportion, rate, type AbsoluteEstimate, type ClusterTotals } from './stats/absolute.ts';
import { minimumDetectableEffect } from './stats/level.ts';
import { explainBound, remedyFor } from './wording.ts';

/** Whether the candidate alone keeps a bound: at least so much where more is better, at most where less is. */
export function judgeBound<T>(asked: Asked<T>, bound: number): Finding {
  const { metric, subject, trials } = asked;
  const sums = clustersOf(trials, asked.cluster)
    .map((members) => members.map(({ candidate }) => metric.totals(candidate)))
    .map((members) => ({
      numerator: members.reduce((sum, { numerator }) => sum + numerator, 0),
      denominator: members.reduce((sum, { denominator }) => sum + denominator, 0),
    }))
    .filter(({ denominator }) => denominator > 0);
  const totals = {
    numerators: Float64Array.from(sums, ({ numerator }) => numerator),
    denominators: Float64Array.from(sums, ({ denominator }) => denominator),
  };
  const value = valueOf(totals);
  if (value === null) return nothingToBound(asked, bound);
  const { interval: own, method } = absolute(asked, totals);
  const toGain = (number: number) => (metric.better === 'more' ? number - bound : bound - number);
  const gain = toGain(value);
  const interval = own === null ? null : ordered(toGain(own.low), toGain(own.high));
  const outcome = decide(interval, subject.margin);
  const seconds = trials.reduce((sum, trial) => sum + (trial.seconds ?? 0), 0);
  const footage = { unit: seconds > 0 ? 'clips' : 'samples', clusters: sums.length, minutes: seconds / 60, site: null } as const;
  return {
    ...subject,
    candidate: value,
    reference: bound,
    gain: { value: gain, interval, method, clusters: sums.length, n: trials.length },
    minimumDetectableEffect: interval === null ? null : minimumDetectableEffect(interval),
    outcome,
    identical: false,
    reason: explainBound({ value: gain, interval }, subject),
    remedy:
      outcome === 'inconclusive'
        ? remedyFor(interval === null ? null : dataThatDecides(narrowing(gain, interval), subject.margin), footage)
        : null,
  };
}

function absolute<T>({ metric, trials, seed }: Asked<T>, totals: ClusterTotals): AbsoluteEstimate {
  if (metric.spread.kind === 'count') return rate(totals);
  if (metric.unit === 'fraction') return proportion(totals);
  return boundedMean(totals, metric.spread.range(trials.map(({ candidate }) => candidate)), seed);
}

function valueOf({ numerators, denominators }: ClusterTotals): number | null {
  const weight = denominators.reduce((sum, value) => sum + value, 0);
  return weight > 0 ? numerators.reduce((sum, value) => sum + value, 0) / weight : null;
}

function ordered(a: number, b: number): Interval {
  return { low: Math.min(a, b), high: Math.max(a, b) };
}

function narrowing(value: number, { low, high }: Interval): (by: number) => Interval {
  return (by) => ({ low: value - (value - low) / Math.sqrt(by), high: value + (high - value) / Math.sqrt(by) });
}

function nothingToBound<T>({ metric, subject }: Asked<T>, bound: number): Finding {
  return {
    ...subject,
    candidate: null,
    reference: bound,
    gain: unmeasured(`no ${metric.counted}`),
    minimumDetectableEffect: null,
    outcome: 'inconclusive',
    identical: false,
    reason: `there are no ${metric.counted} to measure`,
    remedy: `add data with ${metric.counted}, or take the bound away`,
  };
}

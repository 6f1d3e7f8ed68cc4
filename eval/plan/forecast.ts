import type { Metric, PooledMetric, RatioMetric, Trial } from '#tasks';
import { footageOf } from '../footage.ts';
import { measureAlone } from '../judge-bound.ts';
import { clustersOf } from '../paired-trials.ts';
import { total } from '../stats/bootstrap.ts';
import { burstOf } from '../stats/dispersion.ts';
import { estimateGain, type Changes, type GainEstimate } from '../stats/gain.ts';
import { minimumDetectableEffect } from '../stats/level.ts';
import { median, quantile } from '../stats/quantile.ts';
import { random } from '../stats/rng.ts';
import { usuallyAltered } from './usually-altered.ts';
import { baselineOf, drawChange, type Baseline } from './typical-change.ts';

/** What a gate will be able to decide about a change that nobody has measured yet. Every number is in the metric's own unit. */
export type Forecast = {
  /** Half of the width that the 90% interval will have. */
  halfWidth: number;
  /** The loss that it could tell from none: with such a margin, 80 of 100 changes that lose nothing pass. */
  detectable: number;
  /** The same had the models agreed on everything; null where that cannot be told. */
  atBest: number | null;
  /** What halves the interval; null where no hundred times the data would. */
  halving: { more: number; unit: string; minutes: number; mostFrom: string | null } | null;
  clusters: number;
  /** What it rests on, as a sentence's end. */
  basis: string;
};

/** An earlier change on the same gate: half the width of its interval, and of how many trials. */
export type EarlierGain = { halfWidth: number; trials: number };

export type ForecastQuestion = {
  metric: Metric<Trial>;
  /** The baseline's own trials: no other model is known yet. */
  trials: readonly Trial[];
  earlier: readonly EarlierGain[];
  seed: number;
};

/** So many changes are drawn. */
const DRAWN = 60;
/** Of counts and amounts, how much a new training of the same recipe alters. */
const USUALLY_ALTERED = 0.3;
/** Correlated so much, two models' values of one sample differ by so much of the spread between samples. */
const USUALLY_OFF = Math.sqrt(2 * (1 - 0.9));

/** Null where the metric is not defined on these trials. */
export function forecastGain(question: ForecastQuestion): Forecast | null {
  const { metric } = question;
  return metric.kind === 'ratio' ? ofRatio({ ...question, metric }) : ofPooled({ ...question, metric });
}

type Of<M> = Omit<ForecastQuestion, 'metric'> & { metric: M };

function ofRatio({ metric, trials, earlier, seed }: Of<RatioMetric<Trial>>): Forecast | null {
  const baseline = baselineOf(metric, trials);
  if (baseline === null) return null;
  const draw = (altered: number) => drawn(metric, baseline, altered, seed);
  const seen = usualWidth(earlier, trials.length);
  const altered = seen === null ? usual(metric, baseline) : alteredAsSeen((by) => halfWidthOf(draw(by)), seen);
  const changes = draw(altered);
  if (changes.length === 0) return null;
  const typical = changes.toSorted((a, b) => halfOf(a) - halfOf(b))[Math.floor(changes.length / 2)] as GainEstimate;
  return {
    halfWidth: halfWidthOf(changes),
    detectable: quantile(
      changes.map(({ interval }) => -(interval?.low ?? -Infinity)),
      0.8,
    ),
    atBest: -typical.agreeing(1).low,
    halving: halvingOf(typical, baseline, trials, metric),
    clusters: typical.clusters,
    basis: basisOf(earlier),
  };
}

function kindOf(metric: RatioMetric<Trial>, { numerators }: Baseline): 'share' | 'count' | 'amount' {
  if (metric.spread.kind === 'count') return 'count';
  return metric.unit === 'fraction' && numerators.every((value) => Number.isInteger(value)) ? 'share' : 'amount';
}

function usual(metric: RatioMetric<Trial>, baseline: Baseline): number {
  if (kindOf(metric, baseline) !== 'share') return USUALLY_ALTERED;
  return usuallyAltered(1 - total(baseline.numerators) / total(baseline.denominators));
}

function drawn(metric: RatioMetric<Trial>, baseline: Baseline, altered: number, seed: number): GainEstimate[] {
  const next = random(seed);
  const kind = kindOf(metric, baseline);
  const changes: Changes =
    metric.spread.kind === 'count'
      ? { kind: 'count', burst: burstOf(baseline.numerators, baseline.numerators, baseline.denominators) }
      : { kind: 'bounded', range: metric.spread.range(baseline.members.flat()) };
  return Array.from({ length: DRAWN }, () => estimateGain(drawChange(baseline, kind, altered, next), changes)).flatMap(
    (estimate) => (estimate === null || estimate.interval === null ? [] : [estimate]),
  );
}

const halfOf = ({ interval }: GainEstimate) => (interval === null ? Infinity : (interval.high - interval.low) / 2);
const halfWidthOf = (estimates: readonly GainEstimate[]) => median(estimates.map(halfOf));

/** Earlier changes' widths as they would be on today's number of trials; null where there are none. */
function usualWidth(earlier: readonly EarlierGain[], trials: number): number | null {
  return earlier.length === 0 ? null : median(earlier.map((one) => one.halfWidth * Math.sqrt(one.trials / trials)));
}

function alteredAsSeen(widthAt: (altered: number) => number, seen: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 12; step += 1) {
    const middle = (low + high) / 2;
    if (widthAt(middle) < seen) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** A function of all trials: the baseline's own interval says how much a model's value moves, and two of them move mostly together. */
function ofPooled({ metric, trials, earlier, seed }: Of<PooledMetric<Trial>>): Forecast | null {
  const alone = measureAlone(metric, trials, seed);
  if (alone === null || alone.interval === null) return null;
  const own = ((alone.interval.high - alone.interval.low) / 2) * USUALLY_OFF;
  const halfWidth = usualWidth(earlier, trials.length) ?? own;
  const detectable = minimumDetectableEffect({ low: -halfWidth, high: halfWidth });
  const pairs = trials.map((candidate) => ({ candidate, reference: null }));
  const { unit, minutes } = footageOf(pairs, clustersOf(pairs), metric);
  const halving = { more: 3 * alone.clusters, unit, minutes: 3 * minutes, mostFrom: null };
  return { halfWidth, detectable, atBest: null, halving, clusters: alone.clusters, basis: basisOf(earlier) };
}

function basisOf(earlier: readonly EarlierGain[]): string {
  if (earlier.length === 0) return 'what a new training of the same recipe usually changes';
  return earlier.length === 1 ? 'the change before' : `the ${earlier.length} changes before`;
}

const MOST = 100;

function halvingOf(
  typical: GainEstimate,
  baseline: Baseline,
  trials: readonly Trial[],
  metric: RatioMetric<Trial>,
): Forecast['halving'] {
  const widthAt = (by: number) => halfOf({ ...typical, interval: typical.expected(by) });
  const wanted = halfOf(typical) / 2;
  if (widthAt(MOST) > wanted) return null;
  let [low, high] = [1, MOST];
  for (let step = 0; step < 30; step += 1) {
    const middle = Math.sqrt(low * high);
    if (widthAt(middle) > wanted) low = middle;
    else high = middle;
  }
  const pairs = trials.map((candidate) => ({ candidate, reference: null }));
  const { unit, minutes } = footageOf(pairs, clustersOf(pairs));
  const more = Math.ceil((high - 1) * baseline.members.length);
  return { more, unit, minutes: (high - 1) * minutes, mostFrom: mostFrom(baseline, metric) };
}

/** The site or condition whose part of the data says least alike, for its size: where a change can differ most. */
function mostFrom({ members, numerators, denominators }: Baseline, metric: RatioMetric<Trial>): string | null {
  const parts = new Map<string, { wrong: number; of: number }>();
  const all = total(denominators);
  for (const [at, cluster] of members.entries()) {
    const size = denominators[at] ?? 0;
    const own = numerators[at] ?? 0;
    const wrong = metric.better === 'more' ? size - own : own;
    for (const [by, value] of Object.entries(cluster[0]?.slices ?? {})) {
      const name = by === 'site' ? value : `${by} ${value}`;
      const part = parts.get(name) ?? { wrong: 0, of: 0 };
      parts.set(name, { wrong: part.wrong + wrong, of: part.of + size });
    }
  }
  const ranked = [...parts].filter(([, { of }]) => of >= 0.05 * all && of <= 0.95 * all);
  return ranked.toSorted(([, a], [, b]) => b.wrong / b.of - a.wrong / a.of)[0]?.[0] ?? null;
}

import { decide } from './decide.ts';
import { type Finding, type Subject, unmeasured } from './finding.ts';
import type { Metric, PairedTotals } from '#tasks';
import { dataThatDecides } from './more-data.ts';
import { clustersOf, type PairedTrial } from './paired-trials.ts';
import { dispersion } from './stats/dispersion.ts';
import { estimateGain, type Changes, type GainEstimate } from './stats/gain.ts';
import { minimumDetectableEffect } from './stats/level.ts';
import { explainChange, explainOutcome, formatAmount, remedyFor, type Footage } from './wording.ts';

export type Asked<T> = {
  metric: Metric<T>;
  subject: Subject;
  trials: readonly PairedTrial<T>[];
  cluster: 'clip' | 'site';
  seed: number;
};

type Sums = PairedTotals & { members: readonly PairedTrial<unknown>[] };

/** Whether a candidate is as good as a reference, but for the margin, on these trials. */
export function judgeGain<T>(asked: Asked<T>): Finding {
  const { metric, subject, trials, seed } = asked;
  const sums = clusterSums(asked).filter(({ denominator }) => denominator > 0);
  const clusters = {
    gained: Float64Array.from(sums, ({ gained }) => gained),
    lost: Float64Array.from(sums, ({ lost }) => lost),
    weights: Float64Array.from(sums, ({ denominator }) => denominator),
  };
  const estimate = estimateGain(clusters, changesOf(metric, trials, sums), seed);
  if (estimate === null) return nothingToMeasure(asked);
  const all = totalOf(sums);
  const outcome = decide(estimate.interval, subject.margin);
  const interval = estimate.interval;
  return {
    ...subject,
    candidate: all.candidate / all.denominator,
    reference: all.reference / all.denominator,
    gain: { value: estimate.value, interval, method: estimate.method, clusters: estimate.clusters, n: trials.length },
    minimumDetectableEffect: interval === null ? null : minimumDetectableEffect(interval),
    outcome,
    identical: false,
    reason: `${explainOutcome(estimate, subject)}${explainChange(all, estimate, metric)}`,
    remedy: outcome === 'inconclusive' ? remedyOf(estimate, asked, sums) : null,
  };
}

/** The same release on the same inputs cannot differ from itself. */
export function judgeIdentical<T>({ metric, subject, trials }: Asked<T>): Finding {
  const all = totalOf(trials.map(({ candidate }) => ({ ...metric.pair(candidate, candidate), members: [] })));
  const value = all.denominator > 0 ? all.candidate / all.denominator : null;
  return {
    ...subject,
    candidate: value,
    reference: value,
    gain: { value: 0, interval: { low: 0, high: 0 }, method: 'identity', clusters: trials.length, n: trials.length },
    minimumDetectableEffect: 0,
    outcome: 'pass',
    identical: true,
    reason: 'the same release on the same inputs',
    remedy: null,
  };
}

function clusterSums<T>({ trials, cluster, metric }: Asked<T>): Sums[] {
  return clustersOf(trials, cluster).map((members) => ({
    ...totalOf(
      members.flatMap(({ candidate, reference }) =>
        reference === null ? [] : [{ ...metric.pair(candidate, reference), members: [] }],
      ),
    ),
    members,
  }));
}

function totalOf(sums: readonly Sums[]): Sums {
  const total = (of: (totals: Sums) => number) => sums.reduce((all, totals) => all + of(totals), 0);
  return {
    candidate: total(({ candidate }) => candidate),
    reference: total(({ reference }) => reference),
    denominator: total(({ denominator }) => denominator),
    gained: total(({ gained }) => gained),
    lost: total(({ lost }) => lost),
    members: [],
  };
}

function changesOf<T>(metric: Metric<T>, trials: readonly PairedTrial<T>[], sums: readonly Sums[]): Changes {
  const { spread } = metric;
  if (spread.kind === 'bounded') {
    const both = trials.flatMap(({ candidate, reference }) => (reference === null ? [candidate] : [candidate, reference]));
    return { kind: 'bounded', range: spread.range(both) };
  }
  const exposures = Float64Array.from(sums, ({ denominator }) => denominator);
  const bursts = (['candidate', 'reference'] as const).map((side) =>
    dispersion(
      Float64Array.from(sums, (totals) => totals[side]),
      exposures,
    ),
  );
  return { kind: 'count', burst: Math.max(...bursts) };
}

function nothingToMeasure<T>({ metric, subject, trials }: Asked<T>): Finding {
  const kind = trials.some(({ seconds }) => seconds !== null) ? 'clips' : 'samples';
  return {
    ...subject,
    candidate: null,
    reference: null,
    gain: unmeasured(`no ${metric.counted}`),
    minimumDetectableEffect: null,
    outcome: 'inconclusive',
    identical: false,
    reason: `there are no ${metric.counted} in ${trials.length} ${kind}`,
    remedy: `add ${kind} with ${metric.counted}, or take the gate away`,
  };
}

function remedyOf<T>(estimate: GainEstimate, { subject, trials }: Asked<T>, sums: readonly Sums[]): string {
  const enough = dataThatDecides(estimate.agreeing, subject.margin);
  const tooFew = estimate.interval === null || estimate.agreeing(1).low <= -subject.margin;
  const footage = footageOf(trials, sums, estimate);
  if (!tooFew) return remedyFor(dataThatDecides(estimate.expected, subject.margin), footage);
  const least = enough === null ? null : Math.ceil(footage.clusters * enough);
  const needs = least === null ? 'far more' : `at least ${least}`;
  return (
    `${footage.clusters} ${footage.unit} can't show a loss of less than ${formatAmount(subject.margin, subject.unit)} ` +
    `even where the models agree: it takes ${needs}${footage.site === null ? '' : ` from ${footage.site}`}`
  );
}

function footageOf<T>(trials: readonly PairedTrial<T>[], sums: readonly Sums[], { value }: GainEstimate): Footage {
  const seconds = trials.reduce((sum, trial) => sum + (trial.seconds ?? 0), 0);
  const sites = new Set(trials.map(({ site }) => site));
  const unit = seconds === 0 ? 'samples' : sums.some(({ members }) => members.length > 1) ? 'sites' : 'clips';
  return {
    unit,
    clusters: sums.length,
    minutes: seconds / 60,
    site: unit === 'clips' ? (noisiestSite(sums, value) ?? [...sites][0] ?? null) : null,
  };
}

/** The site whose clips say least alike, by its share of the gain's variance: more of it teaches most. */
function noisiestSite(sums: readonly Sums[], gain: number): string | null {
  const bySite = Map.groupBy(sums, ({ members }) => members[0]?.site ?? null);
  const noise = [...bySite].map(([site, own]) => ({
    site,
    squares: own.reduce((sum, { gained, lost, denominator }) => sum + (gained - lost - gain * denominator) ** 2, 0),
  }));
  return noise.toSorted((a, b) => b.squares - a.squares)[0]?.site ?? null;
}

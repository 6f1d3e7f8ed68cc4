import type { PairedTotals, RatioMetric, Trial } from '#tasks';
import { footageOf, type Footage } from './footage.ts';
import type { Asked, Gain } from './asked.ts';
import { dataThatDecides } from './more-data.ts';
import { clustersOf, type PairedTrial } from './paired-trials.ts';
import { burstOf } from './stats/dispersion.ts';
import { mcnemar } from './stats/exact.ts';
import { estimateGain, type Changes, type GainEstimate } from './stats/gain.ts';
import { formatAmount, formatChance, remedyFor } from './wording.ts';

type Sums = PairedTotals & { members: readonly PairedTrial[] };

/** The gain in a ratio of sums; null where its denominator is nothing. */
export function ratioGain(asked: Asked<RatioMetric<Trial>>): Gain | null {
  const { metric, trials } = asked;
  const sums = clusterSums(asked).filter(({ denominator }) => denominator > 0);
  const clusters = {
    gained: Float64Array.from(sums, ({ gained }) => gained),
    lost: Float64Array.from(sums, ({ lost }) => lost),
    weights: Float64Array.from(sums, ({ denominator }) => denominator),
  };
  const estimate = estimateGain(clusters, changesOf(metric, trials, sums));
  if (estimate === null) return null;
  const { value, interval, method } = estimate;
  const all = totalOf(sums);
  return {
    candidate: all.candidate / all.denominator,
    reference: all.reference / all.denominator,
    value,
    interval,
    method,
    clusters: estimate.clusters,
    change: explainChange(metric, all, estimate),
    remedy: () => remedyOf(estimate, asked, sums),
  };
}

/** Of one model over these trials; null where the denominator is nothing. */
export function ratioValue(metric: RatioMetric<Trial>, trials: readonly Trial[]): number | null {
  const all = totalOf(trials.map((trial) => metric.pair(trial, trial)));
  return all.denominator > 0 ? all.candidate / all.denominator : null;
}

function clusterSums({ trials, metric }: Asked<RatioMetric<Trial>>): Sums[] {
  return clustersOf(trials).map((members) => ({
    ...totalOf(members.flatMap(({ candidate, reference }) => (reference === null ? [] : [metric.pair(candidate, reference)]))),
    members,
  }));
}

function totalOf(sums: readonly PairedTotals[]): PairedTotals {
  const total = (of: (totals: PairedTotals) => number) => sums.reduce((all, totals) => all + of(totals), 0);
  return {
    candidate: total(({ candidate }) => candidate),
    reference: total(({ reference }) => reference),
    denominator: total(({ denominator }) => denominator),
    gained: total(({ gained }) => gained),
    lost: total(({ lost }) => lost),
  };
}

function changesOf({ spread }: RatioMetric<Trial>, trials: readonly PairedTrial[], sums: readonly Sums[]): Changes {
  if (spread.kind === 'bounded') {
    const both = trials.flatMap(({ candidate, reference }) => (reference === null ? [candidate] : [candidate, reference]));
    return { kind: 'bounded', range: spread.range(both) };
  }
  const per = (of: (sum: Sums) => number) => Float64Array.from(sums, of);
  return {
    kind: 'count',
    burst: burstOf(
      per(({ candidate }) => candidate),
      per(({ reference }) => reference),
      per(({ denominator }) => denominator),
    ),
  };
}

/** What changed hands, and where each sample is right or wrong, how odd so uneven a split would be by chance. */
function explainChange(metric: RatioMetric<Trial>, totals: PairedTotals, estimate: GainEstimate): string {
  const change = metric.explain({ totals, clusters: estimate.clusters });
  return estimate.isBinary ? `${change}; exact McNemar p ${formatChance(mcnemar(totals.gained, totals.lost))}` : change;
}

/** Outside its domain, where agreement in everything would not pass, a method says so, and what would bring it in. */
function remedyOf(estimate: GainEstimate, { key, trials }: Asked<RatioMetric<Trial>>, sums: readonly Sums[]): string {
  const enough = dataThatDecides(estimate.agreeing, key.margin);
  const tooFew = estimate.interval === null || estimate.agreeing(1).low <= -key.margin;
  const footage = footageWith(trials, sums, estimate);
  if (!tooFew) return remedyFor(dataThatDecides(estimate.expected, key.margin), footage);
  const least = enough === null ? null : Math.ceil(footage.clusters * enough);
  const needs = least === null ? 'far more' : `at least ${least}`;
  const assumed = estimate.assumed === null ? '' : ` (${estimate.assumed})`;
  return (
    `insufficient: ${countOf(estimate, footage)} can't show a loss of less than ${formatAmount(key.margin, key.unit)} ` +
    `even where the models agree${assumed}: it takes ${needs}${footage.site === null ? '' : ` from ${footage.site}`}`
  );
}

/** A giant among them counts for little more than one. */
function countOf({ clusters, effectiveClusters }: GainEstimate, { unit }: Footage): string {
  const like = Math.round(effectiveClusters);
  return like > 0.8 * clusters
    ? `${clusters} ${unit}`
    : `${clusters} ${unit} of such unlike size, which count for ${like} alike,`;
}

function footageWith(trials: readonly PairedTrial[], sums: readonly Sums[], { value }: GainEstimate): Footage {
  const footage = footageOf(
    trials,
    sums.map(({ members }) => members),
  );
  return footage.unit === 'clips' ? { ...footage, site: noisiestSite(sums, value) ?? footage.site } : footage;
}

/** The site whose clips say least alike, by its share of the gain's variance: more of it teaches most. */
function noisiestSite(sums: readonly Sums[], gain: number): string | null {
  const bySite = Map.groupBy(sums, ({ members }) => members[0]?.candidate.site ?? null);
  const noise = [...bySite].map(([site, own]) => ({
    site,
    squares: own.reduce((sum, { gained, lost, denominator }) => sum + (gained - lost - gain * denominator) ** 2, 0),
  }));
  return noise.toSorted((a, b) => b.squares - a.squares)[0]?.site ?? null;
}

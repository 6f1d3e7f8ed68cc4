import type { RatioMetric, Trial } from '#tasks';
import { clustersOf } from '../paired-trials.ts';
import { total } from '../stats/bootstrap.ts';
import type { PairedClusters } from '../stats/paired-clusters.ts';
import type { Random } from '../stats/rng.ts';

/** What one model made of the clusters that a metric is judged on. */
export type Baseline = {
  numerators: Float64Array;
  denominators: Float64Array;
  /** Trials of each cluster, in the same order. */
  members: readonly (readonly Trial[])[];
  /** How much the value differs between units of the denominator: what an amount, such as a delay, is off by. */
  spread: number;
};

/** Null where its denominator is nothing. */
export function baselineOf(metric: RatioMetric<Trial>, trials: readonly Trial[]): Baseline | null {
  const clusters = clustersOf(trials.map((candidate) => ({ candidate, reference: null })));
  const sums = clusters
    .map((pairs) => pairs.map(({ candidate }) => candidate))
    .map((members) => ({ members, totals: members.map((trial) => metric.totals(trial)) }))
    .map(({ members, totals }) => ({
      members,
      numerator: totals.reduce((sum, { numerator }) => sum + numerator, 0),
      denominator: totals.reduce((sum, { denominator }) => sum + denominator, 0),
    }))
    .filter(({ denominator }) => denominator > 0);
  if (sums.length === 0) return null;
  const numerators = Float64Array.from(sums, ({ numerator }) => numerator);
  const denominators = Float64Array.from(sums, ({ denominator }) => denominator);
  return { numerators, denominators, members: sums.map(({ members }) => members), spread: spreadOf(numerators, denominators) };
}

function spreadOf(numerators: Float64Array, denominators: Float64Array): number {
  const mean = total(numerators) / total(denominators);
  const squares = total(numerators.map((own, at) => (own - mean * (denominators[at] ?? 0)) ** 2));
  return Math.sqrt(squares / total(denominators));
}

const MOST_AT_ONCE = 4;

/** How many units of the usual hardness a cluster's own are held against. */
const PRIOR = 1;

/**
 * A change that gains as much as it loses, drawn. Models of one recipe err mostly alike (Mania et al. 2019, "Model Similarity
 * Mitigates Test Set Overuse"): `altered` is the share of what the baseline gets wrong that such a change puts right, and it gets as
 * much wrong instead. Of counts: that share of them is gone, and as many are new.
 */
export function drawChange(
  { numerators, denominators, spread }: Baseline,
  kind: 'share' | 'count' | 'amount',
  altered: number,
  next: Random,
): PairedClusters {
  const wrong = kind === 'count' ? total(numerators) : total(denominators) - total(numerators);
  const right = total(numerators);
  const overall = wrong / (wrong + right);
  /** What is lost is lost where things are hard already: there the baseline gets more wrong too, as far as so few can show. */
  const hardness = (own: number, size: number) => (size - own + PRIOR * overall) / (size + PRIOR);
  const scale = numerators.reduce((all, own, at) => all + own * hardness(own, denominators[at] ?? 0), 0);
  const losing = (own: number, size: number) => (scale > 0 ? Math.min(1, (altered * wrong * hardness(own, size)) / scale) : 0);
  const [gained, lost] = [new Float64Array(denominators.length), new Float64Array(denominators.length)];
  for (let at = 0; at < denominators.length; at += 1) {
    const [own, size] = [numerators[at] ?? 0, denominators[at] ?? 0];
    if (kind === 'amount') {
      const difference = altered * spread * Math.sqrt(2 * size) * normal(next);
      [gained[at], lost[at]] = [Math.max(0, difference), Math.max(0, -difference)];
    } else if (kind === 'count') {
      // What is new comes anywhere, and more than one may come at once.
      const usual = Math.ceil((MOST_AT_ONCE * wrong) / denominators.length);
      const net = binomial(own, altered, next) - binomial(usual, altered / MOST_AT_ONCE, next);
      [gained[at], lost[at]] = [Math.max(0, net), Math.max(0, -net)];
    } else {
      gained[at] = binomial(size - own, altered, next);
      lost[at] = binomial(own, losing(own, size), next);
    }
  }
  return { gained, lost, weights: denominators };
}

function binomial(count: number, chance: number, next: Random): number {
  let happened = 0;
  for (let one = 0; one < count; one += 1) happened += Number(next() < chance);
  return happened;
}

function normal(next: Random): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

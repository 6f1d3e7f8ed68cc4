import type { Interval } from '../gate.ts';
import { bcaInterval, expandedZ, total } from './bootstrap.ts';
import { burstOf } from './dispersion.ts';
import { tQuantile } from './distributions.ts';
import { clopperPearson, garwood } from './exact.ts';
import { FEWEST_CLUSTERS, LEVEL, REPLICATES } from './level.ts';
import { levelOfFew } from './level-of-few.ts';
import { random } from './rng.ts';

/** One model over clusters: a numerator and a denominator, above 0, for each. */
export type ClusterTotals = { numerators: Float64Array; denominators: Float64Array };

/** Null where a single cluster says nothing of the spread between clusters. */
export type AbsoluteEstimate = { interval: Interval | null; method: string };

/** A proportion: exact limits on the effective number of trials (Korn and Graubard 1998), few clusters widened as t is. */
export function proportion({ numerators, denominators }: ClusterTotals): AbsoluteEstimate {
  const [hits, n, clusters] = [total(numerators), total(denominators), denominators.length];
  const size = total(denominators.map((value) => value ** 2)) / n;
  if (size === 1) return { interval: clopperPearson(hits, n, LEVEL), method: 'Clopper-Pearson exact' };
  if (clusters < 2) return { interval: null, method: 'a single cluster has no spread' };
  const p = hits / n;
  const residuals = numerators.map((value, index) => (value - p * (denominators[index] ?? 0)) ** 2);
  const seen = hits === 0 || hits === n ? size : ((clusters / (clusters - 1)) * total(residuals)) / (n * p * (1 - p));
  const rarer = numerators.filter((value, index) => (p > 0.5 ? value < (denominators[index] ?? 0) : value > 0)).length;
  const effect = Math.max(1, (rarer * seen + size) / (rarer + 1));
  return {
    interval: clopperPearson(hits / effect, n / effect, levelOfFew(clusters)),
    method: 'Clopper-Pearson on the effective number (Korn and Graubard 1998)',
  };
}

/** Counts per denominator: exact Poisson limits on the counts over their dispersion. */
export function rate({ numerators, denominators }: ClusterTotals): AbsoluteEstimate {
  const [count, exposure, clusters] = [total(numerators), total(denominators), denominators.length];
  if (clusters < 2) return { interval: null, method: 'a single cluster has no spread' };
  const burst = burstOf(numerators, numerators, denominators).size;
  const { low, high } = garwood(count / burst, levelOfFew(clusters));
  return {
    interval: { low: (low * burst) / exposure, high: (high * burst) / exposure },
    method: 'exact Poisson (Garwood 1936), divided by the dispersion between clusters',
  };
}

/** So many clusters that differ from the mean, and the unseen is no longer feared. */
const ENOUGH_UNEVEN = 10;

/**
 * A mean between 0 and `range`. Where hardly any cluster differs from the others, each bound leaves room for one in so many
 * clusters being as far off as can be (rule of three).
 */
export function boundedMean({ numerators, denominators }: ClusterTotals, range: number, seed: number): AbsoluteEstimate {
  const [weight, clusters] = [total(denominators), denominators.length];
  if (clusters < 2) return { interval: null, method: 'a single cluster has no spread' };
  const mean = total(numerators) / weight;
  const residuals = numerators.map((value, index) => value - mean * (denominators[index] ?? 0));
  const uneven = residuals.filter((value) => Math.abs(value) > 1e-9 * range).length;
  if (clusters >= FEWEST_CLUSTERS && uneven >= ENOUGH_UNEVEN) {
    const options = { z: expandedZ(clusters), replicates: REPLICATES, random: random(seed) };
    const interval = bcaInterval({ differences: numerators, weights: denominators }, options);
    return { interval, method: `cluster BCa bootstrap, ${REPLICATES} replicates` };
  }
  const spread = Math.sqrt((clusters / (clusters - 1)) * total(residuals.map((value) => value ** 2))) / weight;
  const unseen = uneven < ENOUGH_UNEVEN ? 1 - (1 - LEVEL) ** (1 / clusters) : 0;
  const half = tQuantile(LEVEL, clusters - 1) * spread;
  return {
    interval: {
      low: Math.max(0, mean - half - unseen * mean),
      high: mean + half + unseen * (range - mean),
    },
    method: `t on ${clusters} cluster means, with room for the unseen`,
  };
}

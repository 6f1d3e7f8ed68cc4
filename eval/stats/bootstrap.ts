import type { Interval } from '../gate.ts';
import { normalCdf, normalQuantile, tQuantile } from './distributions.ts';
import { LEVEL } from './level.ts';
import { quantileSorted } from './quantile.ts';
import type { Random } from './rng.ts';

/** One difference and one weight per cluster; the statistic is the sum of the one over the sum of the other. */
export type ClusterSums = { differences: Float64Array; weights: Float64Array };

export type BootstrapOptions = {
  /** Normal quantile of the one-sided level of each bound. */
  z: number;
  replicates: number;
  random: Random;
};

/**
 * The bias-corrected and accelerated interval (Efron 1987) of a ratio of sums. Whole clusters are drawn, and a draw takes a
 * cluster's difference, so that both models are always resampled with the same weights.
 */
export function bcaInterval(sums: ClusterSums, { z, replicates, random }: BootstrapOptions): Interval {
  const estimate = total(sums.differences) / total(sums.weights);
  const drawn = resample(sums, replicates, random).toSorted();
  return bcaBounds({ estimate, drawn, without: leaveOneOut(sums) }, z);
}

/** An estimate, what it was in each draw (sorted), and what it is with each cluster (or group of clusters) left out. */
export type Resampled = { estimate: number; drawn: Float64Array; without: Float64Array };

/** @param z normal quantile of the one-sided level of each bound */
export function bcaBounds({ estimate, drawn, without }: Resampled, z: number): Interval {
  const bias = normalQuantile(midRank(drawn, estimate));
  const acceleration = accelerationOf(without);
  const bound = (quantile: number) => {
    const shifted = bias + quantile;
    return quantileSorted(drawn, normalCdf(bias + shifted / (1 - acceleration * shifted)));
  };
  return { low: bound(-z), high: bound(z) };
}

/** Percentiles of a bootstrap are too narrow by about a t-quantile and a degree of freedom (Hesterberg 2015). */
export function expandedZ(clusters: number): number {
  return Math.sqrt(clusters / (clusters - 1)) * tQuantile(LEVEL, clusters - 1);
}

function resample({ differences, weights }: ClusterSums, replicates: number, random: Random): Float64Array {
  const drawn = new Float64Array(replicates);
  const clusters = weights.length;
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    let [difference, weight] = [0, 0];
    for (let draw = 0; draw < clusters; draw += 1) {
      const cluster = Math.floor(random() * clusters);
      difference += differences[cluster] ?? 0;
      weight += weights[cluster] ?? 0;
    }
    drawn[replicate] = difference / weight;
  }
  return drawn;
}

/** The share of replicates below the estimate, those equal to it counted half; never quite none or all. */
function midRank(drawn: Float64Array, ratio: number): number {
  let below = 0;
  for (const value of drawn) below += value < ratio ? 1 : value === ratio ? 0.5 : 0;
  return Math.min(Math.max(below, 0.5), drawn.length - 0.5) / drawn.length;
}

function leaveOneOut({ differences, weights }: ClusterSums): Float64Array {
  const [difference, weight] = [total(differences), total(weights)];
  return differences.map((own, index) => (difference - own) / (weight - (weights[index] ?? 0)));
}

/** From the skewness of the leave-one-out estimates. */
function accelerationOf(without: Float64Array): number {
  const mean = total(without) / without.length;
  const [squares, cubes] = [
    total(without.map((value) => (mean - value) ** 2)),
    total(without.map((value) => (mean - value) ** 3)),
  ];
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}

export function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

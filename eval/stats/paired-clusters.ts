import { total } from './bootstrap.ts';

/**
 * Two models over the same clusters. Per cluster: what the candidate gained and lost against the reference (both never
 * negative, in units of the metric's numerator), and its denominator, above 0.
 */
export type PairedClusters = { gained: Float64Array; lost: Float64Array; weights: Float64Array };

/** All that the intervals need to know of the clusters. */
export type PairedSummary = {
  clusters: number;
  /** Clusters in which the models did not come out even. */
  uneven: number;
  gained: number;
  lost: number;
  weight: number;
  /** Sum over clusters of the net difference, without its sign; and of its square. */
  net: number;
  squares: number;
  /** Of the net difference, without its sign, times the weight; and of its cube over the weight. */
  exposed: number;
  cubes: number;
  /** The size of cluster in which a unit of the denominator finds itself: sum of squared weights over sum of weights. */
  size: number;
  /** The size of cluster in which a lost unit finds itself, should clusters be lost the more often the larger they are (GROWTH). */
  lostSize: number;
  differences: Float64Array;
  /** (gained - lost) / weight. */
  gain: number;
  /** Of the gain, by linearisation over clusters; null for a single one. */
  standardError: number | null;
};

/** It is assumed that the chance to be lost grows no faster than the cube root of a cluster's size: eight times as large, twice as often. */
const GROWTH = 1 / 3;

export function summarise({ gained, lost, weights }: PairedClusters): PairedSummary {
  const differences = gained.map((value, index) => value - (lost[index] ?? 0));
  const clusters = weights.length;
  const weight = total(weights);
  const gain = total(differences) / weight;
  const over = (of: (difference: number, own: number) => number) =>
    differences.reduce((sum, difference, index) => sum + of(Math.abs(difference), weights[index] ?? 0), 0);
  const residuals = differences.map((value, index) => (value - gain * (weights[index] ?? 0)) ** 2);
  return {
    clusters,
    uneven: differences.filter((value) => value !== 0).length,
    gained: total(gained),
    lost: total(lost),
    weight,
    net: over((difference) => difference),
    squares: over((difference) => difference ** 2),
    exposed: over((difference, own) => difference * own),
    cubes: over((difference, own) => difference ** 3 / own),
    size: over((_, own) => own ** 2) / weight,
    lostSize: over((_, own) => own ** (2 + GROWTH)) / over((_, own) => own ** (1 + GROWTH)),
    differences,
    gain,
    standardError: clusters > 1 ? Math.sqrt((clusters / (clusters - 1)) * total(residuals)) / weight : null,
  };
}

/** As if the same had been seen so many times over; what is not summed stays. */
export function scaled(summary: PairedSummary, by: number): PairedSummary {
  const { clusters, gained, lost, weight, net, squares, exposed, cubes, standardError } = summary;
  return {
    ...summary,
    clusters: clusters * by,
    gained: gained * by,
    lost: lost * by,
    weight: weight * by,
    net: net * by,
    squares: squares * by,
    exposed: exposed * by,
    cubes: cubes * by,
    standardError: standardError === null ? null : standardError / Math.sqrt(by),
  };
}

/** The same clusters, had the models come out even in each of them. */
export function evened(summary: PairedSummary): PairedSummary {
  return {
    ...summary,
    uneven: 0,
    gained: 0,
    lost: 0,
    net: 0,
    squares: 0,
    exposed: 0,
    cubes: 0,
    gain: 0,
    standardError: summary.standardError === null ? null : 0,
  };
}

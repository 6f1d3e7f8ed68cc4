import { total } from './bootstrap.ts';

/**
 * How much more counts vary between clusters than Poisson counts would: about the number that come at once. At least 1.
 * @param exposures per cluster, above 0
 */
export function dispersion(counts: Float64Array, exposures: Float64Array): number {
  const [count, clusters] = [total(counts), counts.length];
  if (count === 0 || clusters < 2) return 1;
  const rate = count / total(exposures);
  const squares = total(counts.map((own, index) => (own - rate * (exposures[index] ?? 0)) ** 2));
  return Math.max(1, ((clusters / (clusters - 1)) * squares) / count);
}

/** Fewer clusters than this in which anything was counted show too little of how many come at once. */
export const FEWEST_COUNTED = 10;

/**
 * How many then are taken to come at once: three on average, as a disturbance rarely raises one alarm alone. Where one to five do, an alarm
 * finds itself among 11/3: the sum of squares over the sum.
 */
export const ASSUMED_BURST = 11 / 3;

export type Burst = {
  /** How many come at once. */
  size: number;
  /** Clusters in which either model counted anything; fewer than FEWEST_COUNTED, and the size is at least an assumed one. */
  counted: number;
};

/** How many come at once, by what either of two models counted in the same clusters. */
export function burstOf(candidate: Float64Array, reference: Float64Array, exposures: Float64Array): Burst {
  const counted = candidate.filter((count, index) => count > 0 || (reference[index] ?? 0) > 0).length;
  const seen = Math.max(dispersion(candidate, exposures), dispersion(reference, exposures));
  return { size: counted < FEWEST_COUNTED ? Math.max(ASSUMED_BURST, seen) : seen, counted };
}

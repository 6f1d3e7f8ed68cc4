import type { Interval } from '../../gate.ts';
import type { ClusterSums } from '../bootstrap.ts';

/**
 * An interval that was weighed for gates and not taken: bench/interval-methods.ts shows what each would have done in the same worlds.
 * Of a ratio of sums over clusters; each bound is one-sided at LEVEL.
 */
export type Candidate = (sums: ClusterSums, seed: number) => Interval;

/** Of the ratio by linearisation: residuals of each cluster, and their standard error with so many clusters less one. */
export function linearised({ differences, weights }: ClusterSums): { ratio: number; standardError: number } {
  let [difference, weight, squares] = [0, 0, 0];
  for (let at = 0; at < weights.length; at += 1) {
    difference += differences[at] ?? 0;
    weight += weights[at] ?? 0;
  }
  const ratio = difference / weight;
  for (let at = 0; at < weights.length; at += 1) squares += ((differences[at] ?? 0) - ratio * (weights[at] ?? 0)) ** 2;
  return { ratio, standardError: Math.sqrt((weights.length / (weights.length - 1)) * squares) / weight };
}

/** Where an increasing probability reaches a level, between two ends. */
export function crossing(probability: (at: number) => number, level: number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (probability(middle) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

import type { ClusterSums } from '../bootstrap.ts';
import { tQuantile } from '../distributions.ts';
import { LEVEL } from '../level.ts';
import { linearised, type Candidate } from './candidate.ts';

/**
 * Empirical likelihood (Owen 1988, Biometrika 75:237), its ratio held against the square of a t-quantile, as Owen (2001, 3.3) has it
 * for small samples. `adjusted` adds a pseudo-observation (Chen, Variyath and Abraham 2008, JCGS 17:426): here, one cluster of the
 * usual size that is as far off as can be.
 */
export const likelihood: Candidate = (sums) => likelihoodInterval(sums, tQuantile(LEVEL, sums.weights.length - 1) ** 2);

export const adjustedLikelihood: Candidate = (sums) => {
  const size = sums.weights.reduce((sum, own) => sum + own * own, 0) / sums.weights.reduce((sum, own) => sum + own, 0);
  const critical = tQuantile(LEVEL, sums.weights.length - 1) ** 2;
  const withOne = (difference: number) => ({
    differences: Float64Array.from([...sums.differences, difference]),
    weights: Float64Array.from([...sums.weights, size]),
  });
  return {
    low: likelihoodInterval(withOne(-size), critical).low,
    high: likelihoodInterval(withOne(size), critical).high,
  };
};

/** @param critical what twice the log of the likelihood ratio may reach */
export function likelihoodInterval(sums: ClusterSums, critical: number): { low: number; high: number } {
  const { ratio } = linearised(sums);
  const bound = (towards: -1 | 1) => {
    let [near, far]: [number, number] = [ratio, towards];
    for (let step = 0; step < 40; step += 1) {
      const middle = (near + far) / 2;
      if (logRatio(sums, middle) > critical) far = middle;
      else near = middle;
    }
    return (near + far) / 2;
  };
  return { low: bound(-1), high: bound(1) };
}

/** Infinite where no weights of the clusters have that ratio. */
function logRatio({ differences, weights }: ClusterSums, at: number): number {
  const residuals = differences.map((difference, index) => difference - at * (weights[index] ?? 0));
  let [least, most] = [Infinity, -Infinity];
  for (const residual of residuals) {
    least = Math.min(least, residual);
    most = Math.max(most, residual);
  }
  if (least >= 0 || most <= 0) return least === 0 && most === 0 ? 0 : Infinity;
  let [low, high] = [(-1 / most) * (1 - 1e-12), (-1 / least) * (1 - 1e-12)];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    let slope = 0;
    for (const residual of residuals) slope += residual / (1 + middle * residual);
    if (slope > 0) low = middle;
    else high = middle;
  }
  const multiplier = (low + high) / 2;
  return 2 * residuals.reduce((sum, residual) => sum + Math.log1p(multiplier * residual), 0);
}

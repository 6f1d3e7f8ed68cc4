import type { ClusterSums } from '../bootstrap.ts';
import { normalCdf } from '../distributions.ts';
import { crossing, linearised, type Candidate } from './candidate.ts';

/**
 * The tilted bootstrap (Efron 1981, Canadian Journal of Statistics 9:139; DiCiccio and Romano 1990, International Statistical Review
 * 58:59) without its draws: clusters are weighted exponentially until their ratio is a supposed one, and the chance that a
 * sample of these comes out as good as what was seen is its saddlepoint approximation (Lugannani and Rice 1980; Davison and
 * Hinkley 1988, Biometrika 75:417; in the form of Barndorff-Nielsen). Of right and wrong it is the exact binomial, but for half the
 * chance of what was seen.
 */
export const tilting: Candidate = (sums) => {
  const { ratio, standardError } = linearised(sums);
  if (standardError === 0) return { low: ratio, high: ratio };
  return {
    low: crossing((at) => 1 - chanceBelow(sums, at), 0.05, Math.max(-1, ratio - 30 * standardError), ratio),
    high: crossing((at) => 1 - chanceBelow(sums, at), 0.95, ratio, Math.min(1, ratio + 30 * standardError)),
  };
};

/** Of a ratio below the one that was seen, where the true one is `at`. */
function chanceBelow({ differences, weights }: ClusterSums, at: number): number {
  const residuals = differences.map((difference, index) => difference - at * (weights[index] ?? 0));
  const tilt = tiltOf(residuals);
  const clusters = residuals.length;
  const mean = residuals.reduce((sum, own) => sum + own, 0) / clusters;
  if (tilt === null) return mean > 0 ? 1 : 0;
  if (Math.abs(tilt.by * mean) < 1e-9) return 0.5;
  const spread = residuals.reduce((sum, own) => sum + (own - mean) ** 2, 0) / clusters;
  const signed = Math.sign(-tilt.by) * Math.sqrt(Math.max(1e-12, 2 * clusters * (tilt.logMean - tilt.by * mean)));
  const score = -tilt.by * Math.sqrt(clusters * spread);
  return normalCdf(signed + Math.log(score / signed) / signed);
}

/** By how much values have to be tilted for a mean of 0, and the log of their mean exponential there; null where none does. */
function tiltOf(values: Float64Array): { by: number; logMean: number } | null {
  const extent = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!values.some((value) => value < 0) || !values.some((value) => value > 0)) return null;
  const slope = (by: number) => values.reduce((sum, value) => sum + value * Math.exp((by * value) / extent - Math.abs(by)), 0);
  let [low, high] = [-700, 700];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (slope(middle) < 0) low = middle;
    else high = middle;
  }
  const by = (low + high) / 2;
  const mean = values.reduce((sum, value) => sum + Math.exp((by * value) / extent - Math.abs(by)), 0) / values.length;
  return { by: by / extent, logMean: Math.log(mean) + Math.abs(by) };
}

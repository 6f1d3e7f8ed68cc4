import type { Interval } from '../gate.ts';
import { betaQuantile, binomialCdf, gammaQuantile } from './distributions.ts';

/**
 * The exact interval of a proportion (Clopper and Pearson 1934).
 * @param level one-sided, of each bound
 */
export function clopperPearson(successes: number, n: number, level: number): Interval {
  return {
    low: betaQuantile(1 - level, successes, n - successes + 1),
    high: betaQuantile(level, successes + 1, n - successes),
  };
}

/** The score interval of a proportion (Wilson 1927): near the nominal level on average, for showing rather than deciding. */
export function wilson(successes: number, n: number, z: number): Interval {
  const p = successes / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** The exact interval of a Poisson mean (Garwood 1936) from one count. */
export function garwood(count: number, level: number): Interval {
  return { low: gammaQuantile(1 - level, count), high: gammaQuantile(level, count + 1) };
}

/** The exact two-sided p-value of McNemar's test: how odd so uneven a split of the discordant pairs would be by chance. */
export function mcnemar(gained: number, lost: number): number {
  return Math.min(1, 2 * binomialCdf(Math.min(gained, lost), gained + lost, 0.5));
}

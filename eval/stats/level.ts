import { normalQuantile } from './distributions.ts';

/** Every bound is one-sided at this level; two of them make the 90% interval that is drawn. */
export const LEVEL = 0.95;

/** Fewer clusters than this say too little of their own spread for methods that lean on many. */
export const FEWEST_CLUSTERS = 20;

export const REPLICATES = 2000;

/** The normal quantile of that level, 1.645. */
export const Z = normalQuantile(LEVEL);

/** What a test of that level would show in 80 of 100 repetitions lies so many standard errors away (2.486). */
const SHOWN = Z + normalQuantile(0.8);

/** Nine of ten estimates lie no further above the truth than so many standard errors. */
const NINE_OF_TEN = normalQuantile(0.9);

/**
 * How far beyond its margin a true loss lies that a gate fails nine times in ten: the upper bound has to stay below the margin where the
 * estimate is too kind as well, and that varies as the interval is wide.
 */
export function distanceToFail(value: number, { low, high }: { low: number; high: number }): number {
  return high - value + (NINE_OF_TEN * (high - low)) / (2 * Z);
}

/** The smallest true change that data with an interval this wide would have shown, with 80% power at the one-sided level. */
export function minimumDetectableEffect({ low, high }: { low: number; high: number }): number {
  return (SHOWN * (high - low)) / (2 * Z);
}

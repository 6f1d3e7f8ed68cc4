/**
 * A probability decides once it is expected to score no worse than this much above that of somebody who knew the truth, as a share of
 * its Brier score. In simulation, what passes is within a tenth (bench/confidence-worlds.ts).
 */
export const ENOUGH = 0.08;

/** Fewer iterations than this have never shown how much they differ among themselves. */
export const FEWEST = 12;

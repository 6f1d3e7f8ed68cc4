/**
 * A probability decides once it is expected to score no worse than this much above that of somebody who knew the truth, as a share of
 * its Brier score. In simulation, what passes is within a tenth (bench/confidence-worlds.ts).
 */
export const ENOUGH = 0.08;

/** Fewer iterations than this have never shown how much they differ among themselves. */
const FEWEST = 12;
/** And of several research sets, which of them to follow: so many for each. */
const FEWEST_OF_A_SET = 6;
/** At one place, what is particular to an iteration and to the place cannot be told apart: so many for each research set. */
const FEWEST_AT_ONE = 30;

/** Iterations that must have been seen before any of them says enough; in simulation, teams that seemed settled before were so by luck. */
export function fewest({ places, sets }: { places: number; sets: number }): number {
  return places > 1 ? Math.max(FEWEST, FEWEST_OF_A_SET * sets) : FEWEST_AT_ONE * Math.max(1, sets);
}

import { forecastParts, stillUnknown, type FieldFit } from './forecast.ts';
import type { TrueGains } from './research-gains.ts';

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

/**
 * What is still unknown of the probabilities of releases like these at a place, as a share of what stays of chance; null where nothing does.
 * @param last what research said of the last iterations
 */
export function excessOf(fit: FieldFit, last: readonly TrueGains[], margin: number, place: number | 'everywhere'): number | null {
  let [unknown, chance] = [0, 0];
  for (const research of last) {
    const still = stillUnknown(forecastParts(fit, research, place), -margin / fit.design.data.scale);
    unknown += still.unknown;
    chance += still.chance;
  }
  return chance > 0 ? unknown / chance : null;
}

export function isEnough(excess: number | null): boolean {
  return excess !== null && excess <= ENOUGH;
}

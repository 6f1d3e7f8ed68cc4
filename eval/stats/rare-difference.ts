import { designEffect } from './design-effect.ts';
import { clopperPearson, garwood } from './exact.ts';
import { normalCdf } from './distributions.ts';
import type { Interval } from '../gate.ts';
import type { PairedSummary } from './paired-clusters.ts';
import { tangoInterval } from './tango.ts';

/**
 * Intervals that hold where the models hardly ever differ, and where what is lost is lost in whole scenes. A bootstrap of
 * differences that are all zero has no width, which mistakes ignorance for certainty. These count what differed, and
 * divide the counts by how much of it came at once. With one unit per cluster that is Tango's own.
 * @param range by how much a unit of the denominator may change
 */
export function adjustedTango(summary: PairedSummary, range: number, z: number): Interval {
  const effect = designEffect(summary, range);
  const bounds = (by: number) => tangoInterval(summary.gained / range / by, summary.lost / range / by, summary.weight / by, z);
  return { low: bounds(effect.low).low * range, high: bounds(effect.high).high * range };
}

/** Fewer pairs than this that differ, and Tango's score, which is no lattice, fails up to 9 of 100 models that lost just the margin. */
export const FEWEST_DISCORDANT = 20;

/**
 * One sample per cluster, right or wrong. Few that differ: exact limits (Clopper and Pearson 1934) of the share that was gained and
 * of that which was lost, combined by MOVER (Zou and Donner 2008); with nothing gained the lower bound is the exact one. Otherwise
 * Tango's score.
 */
export function binaryPairs({ gained, lost, weight }: PairedSummary, z: number): Interval {
  if (gained + lost >= FEWEST_DISCORDANT) return tangoInterval(gained, lost, weight, z);
  const level = normalCdf(z);
  const limits = (count: number) => aroundCount(count / weight, clopperPearson(count, weight, level));
  return mover((gained - lost) / weight, limits(gained), limits(lost));
}

/**
 * For counts without a ceiling: the exact Poisson limits (Garwood 1936) of what was gained and of what was lost, combined
 * by MOVER. With nothing lost the lower bound is the rule of three.
 * @param burst how many come at once, as far as the counts of both models show; at least 1
 */
export function poissonDifference(summary: PairedSummary, burst: number, z: number): Interval {
  const effect = Math.max(1, (summary.squares + burst ** 2) / (summary.gained + summary.lost + burst));
  const level = normalCdf(z);
  const limits = (count: number) => {
    const { low, high } = garwood(count / effect, level);
    return aroundCount(count / summary.weight, { low: (low * effect) / summary.weight, high: (high * effect) / summary.weight });
  };
  return mover(summary.gain, limits(summary.gained), limits(summary.lost));
}

type Reach = { below: number; above: number };

function aroundCount(value: number, { low, high }: Interval): Reach {
  return { below: value - low, above: high - value };
}

/** The interval of a difference from the intervals of its two parts (Zou and Donner 2008, Statistics in Medicine 27:1693). */
function mover(difference: number, gained: Reach, lost: Reach): Interval {
  return {
    low: difference - Math.hypot(gained.below, lost.above),
    high: difference + Math.hypot(gained.above, lost.below),
  };
}

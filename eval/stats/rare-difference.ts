import { effectiveCounts, type Bound, type EffectiveCounts } from './effective-counts.ts';
import { clopperPearson, garwood } from './exact.ts';
import { normalCdf } from './distributions.ts';
import type { Interval } from '../gate.ts';
import { hull } from './hull.ts';
import { evened, type PairedSummary } from './paired-clusters.ts';
import { tangoInterval } from './tango.ts';

/** Fewer than this that differ, and Tango's score, which is no lattice, errs in up to 9 of 100 models that lost just the margin. */
export const FEWEST_DISCORDANT = 20;

/** What `adjustedTango` is called in a verdict. */
export const ADJUSTED_TANGO = 'Tango 1998 score on effective clusters, exact limits where few differ';

/**
 * Intervals that hold where the models hardly ever differ, and where what is lost is lost in whole scenes. A bootstrap of
 * differences that are all zero has no width, which mistakes ignorance for certainty. These count what differed, in
 * counts of what came at once. Where few of these differ, limits are no narrower than exact ones: clusters of one size that are won or lost
 * whole are pairs, and their outcomes a lattice.
 *
 * A scene that was not seen to be lost may be lost however single events change meanwhile. So what was gained aside, no
 * differences make the lower bound higher than none.
 * @param range by how much a unit of the denominator may change
 */
export function adjustedTango(summary: PairedSummary, range: number, z: number): Interval {
  const limits = (of: PairedSummary, bound: Bound) => scoreLimits(effectiveCounts(of, range, bound), z)[bound] * range;
  const agreeing = limits(evened(summary), 'low');
  return {
    low: Math.min(limits(summary, 'low'), agreeing + Math.max(0, summary.gain)),
    high: limits(summary, 'high'),
  };
}

function scoreLimits(counts: EffectiveCounts, z: number): Interval {
  const score = tangoInterval(counts.gained, counts.lost, counts.of, z);
  return isFew(counts) ? hull(score, exactDifference(inAlike(counts), z)) : score;
}

/** One sample per cluster, right or wrong: exact limits where few differ, otherwise Tango's score. */
export function binaryPairs({ gained, lost, weight }: PairedSummary, z: number): Interval {
  const counts = { gained, lost, of: weight };
  return isFew(counts) ? exactDifference(counts, z) : tangoInterval(gained, lost, weight, z);
}

type Counts = Pick<EffectiveCounts, 'gained' | 'lost' | 'of'>;

const isFew = ({ gained, lost }: Counts) => gained + lost < FEWEST_DISCORDANT;

/** The same shares, of clusters of one size. */
function inAlike({ gained, lost, of, ofAlike }: EffectiveCounts): Counts {
  return { gained: (gained / of) * ofAlike, lost: (lost / of) * ofAlike, of: ofAlike };
}

/**
 * Exact limits (Clopper and Pearson 1934) of the share that was gained and of that which was lost, combined by MOVER (Zou and
 * Donner 2008); with nothing gained the lower bound is the exact one.
 */
function exactDifference({ gained, lost, of }: Counts, z: number): Interval {
  const level = normalCdf(z);
  const limits = (count: number) => aroundCount(count / of, clopperPearson(count, of, level));
  return mover((gained - lost) / of, limits(gained), limits(lost));
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

import type { Estimate } from '../gate.ts';
import { tQuantile } from '../stats/distributions.ts';
import { LEVEL } from '../stats/level.ts';

/** A labelled clip that two releases were shown. `probability`: of having been drawn. */
export type ShownToBoth = { truth: number; found: number; foundByReference: number; probability: number };

/** Fewer nights than this say too little of how nights differ. */
const FEWEST_NIGHTS = 4;

/**
 * Recall of a release minus that of its reference, on the same clips: each weighted by 1 / its probability (Hajek's ratio), with the
 * interval that nights as clusters give it, linearised (Sarndal, Swensson and Wretman 1992, 5.5), on Student's t. Clips of one
 * night share its weather and are no opinions of their own. Null where nothing happened in any of them.
 * @param nights the clips of each night
 */
export function realisedGain(nights: readonly (readonly ShownToBoth[])[]): Estimate | null {
  const totals = nights.map((clips) => ({
    gained: clips.reduce((sum, { found, foundByReference, probability }) => sum + (found - foundByReference) / probability, 0),
    truth: clips.reduce((sum, { truth, probability }) => sum + truth / probability, 0),
  }));
  const truth = totals.reduce((sum, night) => sum + night.truth, 0);
  if (truth === 0) return null;
  const value = totals.reduce((sum, { gained }) => sum + gained, 0) / truth;
  const n = nights.length;
  const squares = totals.reduce((sum, night) => sum + (night.gained - value * night.truth) ** 2, 0);
  const error = Math.sqrt((squares * n) / Math.max(1, n - 1)) / truth;
  const half = n < FEWEST_NIGHTS ? null : tQuantile(LEVEL, n - 1) * Math.max(error, 0.5 / truth);
  return {
    value,
    interval: half === null ? null : { low: value - half, high: value + half },
    method: "ratio of Horvitz-Thompson totals, nights as clusters, Student's t",
    clusters: n,
    n: nights.reduce((sum, clips) => sum + clips.length, 0),
  };
}

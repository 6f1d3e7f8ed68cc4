import type { Interval } from '../gate.ts';
import { garwood } from './exact.ts';
import { normalCdf } from './distributions.ts';
import type { PairedSummary } from './paired-clusters.ts';
import { tangoInterval } from './tango.ts';

/**
 * Intervals that hold where the models hardly ever differ. A bootstrap of differences that are all zero has no width, which
 * mistakes ignorance for certainty. These count what differed, and divide the counts by how much of it came at once: the
 * design effect, sum of squares over sum. One imaginary cluster that was wholly lost is added to that estimate, so that it
 * starts from the worst case (a cluster is one observation) and gives way to what has been seen.
 */
function designEffect({ gained, lost, squares }: PairedSummary, worst: number, unit: number): number {
  return (squares / unit ** 2 + worst ** 2) / ((gained + lost) / unit + worst);
}

/**
 * For a denominator whose units can each change by no more than `range`: Tango's score interval on the effective counts.
 * With one unit per cluster it is Tango's own.
 */
export function adjustedTango(summary: PairedSummary, range: number, z: number): Interval {
  const effect = designEffect(summary, summary.size, range);
  const { low, high } = tangoInterval(summary.gained / range / effect, summary.lost / range / effect, summary.weight / effect, z);
  return { low: low * range, high: high * range };
}

/**
 * For counts without a ceiling: the exact Poisson limits (Garwood 1936) of what was gained and of what was lost, combined
 * by MOVER (Zou and Donner 2008). With nothing lost the lower bound is the rule of three.
 * @param burst how many come at once, as far as the counts of both models show; at least 1
 */
export function poissonDifference(summary: PairedSummary, burst: number, z: number): Interval {
  const effect = Math.max(1, designEffect(summary, burst, 1));
  const level = normalCdf(z);
  const limits = (count: number) => {
    const { low, high } = garwood(count / effect, level);
    return { below: count - low * effect, above: high * effect - count };
  };
  const [gained, lost] = [limits(summary.gained), limits(summary.lost)];
  return {
    low: summary.gain - Math.hypot(gained.below, lost.above) / summary.weight,
    high: summary.gain + Math.hypot(gained.above, lost.below) / summary.weight,
  };
}

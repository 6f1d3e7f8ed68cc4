import type { TimedEvent } from '#datasets';
import type { Detection } from './answer.ts';
import { overlaps, pairUp } from './match-events.ts';

/** A detection as any threshold sees it: how sure the model was at most, and whether it is on a true event. */
export type RankedDetection = { peak: number; right: boolean };

/**
 * The surest first, each on an event of its label that is still free, or that a surer one gives up for another: so at each threshold as
 * many events are found as the detections above it can find at all. That is the alignment of ActEV_Scorer, whose sum of similarities, one
 * and the confidence for each pair, is greatest.
 */
export function rankDetections(
  truth: readonly TimedEvent[],
  detections: readonly Detection[],
  tolerance: number,
): RankedDetection[] {
  const order = [...detections.keys()].toSorted((a, b) => (detections[b]?.peak ?? 0) - (detections[a]?.peak ?? 0));
  const pairs = pairUp(order, [...truth.keys()], (at, event) => {
    const [found, is] = [detections[at], truth[event]];
    return found !== undefined && is !== undefined && found.label === is.label && overlaps(is, found, tolerance);
  });
  const right = new Set(pairs.map(([at]) => at));
  return order.map((at) => ({ peak: detections[at]?.peak ?? 0, right: right.has(at) }));
}

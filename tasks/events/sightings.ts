import { compareBoxes } from '../detection/disagreement.ts';
import type { Disagreement, Reading, Sighting } from '../task.ts';

/** Frames with a box at or above the threshold. A model that answers scores of the whole frame has none. */
export function sightings(readings: readonly Reading[], threshold: number): Sighting[] {
  return readings.flatMap(({ timestamp, boxes = [] }) => {
    const counting = boxes.filter(([, , , , score]) => score >= threshold);
    return counting.length === 0 ? [] : [{ timestamp, boxes: counting }];
  });
}

/** Nothing lies below it. */
const ALL = Number.NEGATIVE_INFINITY;

/**
 * The same is a box of one class in the same frame that overlaps by a half. `share` is 1 minus the Dice coefficient (Dice 1945) of all
 * boxes of the clip; null where neither model sees any.
 */
export function compareSightings(one: readonly Sighting[], other: readonly Sighting[]): Disagreement | null {
  const [ours, theirs] = [one, other].map((of) => new Map(of.map(({ timestamp, boxes }) => [timestamp, boxes])));
  let [shared, apart, most] = [0, 0, 0];
  let at: number | null = null;
  for (const timestamp of [...new Set([...one, ...other].map((of) => of.timestamp))].toSorted((a, b) => a - b)) {
    const boxesOf = (of: typeof ours) => ({ boxes: of?.get(timestamp) ?? [], threshold: ALL });
    const found = compareBoxes(boxesOf(ours), boxesOf(theirs));
    const differing = found.onlyOne.length + found.onlyOther.length;
    shared += found.shared.length;
    apart += differing;
    if (differing > most) [most, at] = [differing, timestamp];
  }
  return shared + apart === 0 ? null : { share: apart / (2 * shared + apart), at };
}

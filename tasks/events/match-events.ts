import type { TimedEvent } from '#datasets';
import type { Detection } from './answer.ts';

/**
 * A true event and the detection of it, by their places in their lists. `delay`: seconds from the true start until the rule could
 * have raised the alarm, never below 0.
 */
export type Match = { truth: number; detection: number; delay: number };

/**
 * Pairs true events with detections of the same label that overlap them, each with at most one: as many pairs as can be
 * made at all, the earliest events and detections first.
 * @param tolerance seconds by which true events are widened on either side
 * @returns indices into both lists, ordered by true event; `delay` counts from the true start and is never below 0
 */
export function matchEvents(truth: readonly TimedEvent[], detections: readonly Detection[], tolerance: number): Match[] {
  const labels = [...new Set(truth.map(({ label }) => label))];
  const pairs = labels.flatMap((label) => [
    ...pairUp(earliestFirst(truth, label), earliestFirst(detections, label), (event, detection) => {
      const [a, b] = [truth[event], detections[detection]];
      return a !== undefined && b !== undefined && overlaps(a, b, tolerance);
    }),
  ]);
  return pairs
    .map(([event, detection]) => ({ truth: event, detection, delay: delayOf(truth[event], detections[detection]) }))
    .toSorted((a, b) => a.truth - b.truth);
}

export function overlaps(event: TimedEvent, detection: Pick<Detection, 'start' | 'end'>, tolerance: number): boolean {
  return detection.start <= event.end + tolerance && detection.end >= event.start - tolerance;
}

function delayOf(event: TimedEvent | undefined, detection: Detection | undefined): number {
  return Math.max(0, (detection?.alarm ?? 0) - (event?.start ?? 0));
}

function earliestFirst(events: readonly TimedEvent[], label: string): number[] {
  return events
    .flatMap((event, index) => (event.label === label ? [{ event, index }] : []))
    .toSorted((a, b) => a.event.start - b.event.start || a.event.end - b.event.end)
    .map(({ index }) => index);
}

/** Maximum bipartite matching by augmenting paths (Kuhn 1955): an event once paired stays paired. */
export function pairUp(
  events: readonly number[],
  detections: readonly number[],
  fit: (event: number, detection: number) => boolean,
): [event: number, detection: number][] {
  const eventOf = new Map<number, number>();
  const augment = (event: number, tried: Set<number>): boolean =>
    detections.some((detection) => {
      if (tried.has(detection) || !fit(event, detection)) return false;
      tried.add(detection);
      const holder = eventOf.get(detection);
      if (holder !== undefined && !augment(holder, tried)) return false;
      eventOf.set(detection, event);
      return true;
    });
  for (const event of events) augment(event, new Set());
  return [...eventOf].map(([detection, event]) => [event, detection]);
}

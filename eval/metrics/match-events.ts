import type { TimedEvent } from '#datasets';
import type { ClipTrial, Detection } from '../trial.ts';

/**
 * Pairs true and detected events one to one, label by label: a pair must overlap once the true event has been widened by
 * `tolerance` seconds on either side. As many pairs as possible (Kuhn's augmenting paths), earlier events served first.
 * `delay`: from the true start until the alarm, never below 0.
 */
export function matchEvents(
  truth: readonly TimedEvent[],
  detections: readonly Detection[],
  tolerance: number,
): ClipTrial['matches'] {
  const partnerOf = new Map<number, number>();
  const fits = (event: TimedEvent) =>
    detections.flatMap((detection, index) => (overlap(event, detection, tolerance) ? [index] : []));
  const candidates = truth.map((event) => fits(event));

  const place = (event: number, tried: Set<number>): boolean => {
    for (const detection of candidates[event] ?? []) {
      if (tried.has(detection)) continue;
      tried.add(detection);
      const holder = partnerOf.get(detection);
      if (holder === undefined || place(holder, tried)) {
        partnerOf.set(detection, event);
        return true;
      }
    }
    return false;
  };

  const byStart = truth.map((_, index) => index).toSorted((a, b) => (truth[a]?.start ?? 0) - (truth[b]?.start ?? 0));
  for (const event of byStart) place(event, new Set());
  return [...partnerOf]
    .map(([detection, event]) => {
      const alarm = detections[detection]?.alarm ?? 0;
      return { truth: event, detection, delay: Math.max(0, alarm - (truth[event]?.start ?? 0)) };
    })
    .toSorted((a, b) => a.truth - b.truth);
}

function overlap(event: TimedEvent, detection: Detection, tolerance: number): boolean {
  if (event.label !== detection.label) return false;
  return detection.start < event.end + tolerance && event.start - tolerance < detection.end;
}

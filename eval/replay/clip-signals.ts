import type { Digest } from '#kernel';
import type { EventRule } from '#datasets';
import { detectEvents, events, type Disagreement, type Reading, matchEvents, type Detection, type Sighting } from '#tasks';

/**
 * What one model made of one clip without anybody's labels. `opening`: for each label, the threshold at which it would just
 * have raised an event of that label: the highest, over every run of as many frames as persistence asks for, of their lowest
 * score. At or above the threshold there was an event; how far from it is how sure the model was.
 */
export type ClipSignals = {
  clip: string;
  pin: Digest;
  /** Length of the footage. */
  seconds: number;
  threshold: number;
  detections: readonly Detection[];
  opening: Readonly<Record<string, number>>;
  /** Of a model that answers boxes: the frames in which any counts. */
  sightings?: readonly Sighting[];
};

export function readSignals(
  clip: { id: string; pin: Digest; seconds: number },
  { readings, threshold }: { readings: readonly Reading[]; threshold: number },
  rule: EventRule,
): ClipSignals {
  const opening = Object.fromEntries(
    Object.keys(rule.labels).map((label) => {
      const scores = readings.map((frame) => frame.scores[label] ?? 0);
      return [label, openingScore(scores, rule.persistence)];
    }),
  );
  const { id, pin, seconds } = clip;
  const seen = readings.some(({ boxes }) => boxes !== undefined) ? { sightings: events.sightings(readings, threshold) } : {};
  return { clip: id, pin, seconds, threshold, detections: detectEvents(readings, rule, threshold), opening, ...seen };
}

/** Footage shorter than persistence asks for can raise nothing: 0. */
function openingScore(scores: readonly number[], persistence: number): number {
  let highest = 0;
  for (let end = persistence; end <= scores.length; end += 1) {
    highest = Math.max(highest, Math.min(...scores.slice(end - persistence, end)));
  }
  return highest;
}

/** How far the label that is nearest to it is from the threshold: small where the model is unsure. */
export function marginOf({ opening, threshold }: ClipSignals): { label: string | null; margin: number } {
  const [nearest] = Object.entries(opening)
    .map(([label, score]) => ({ label, margin: Math.abs(score - threshold) }))
    .toSorted((a, b) => a.margin - b.margin || (a.label < b.label ? -1 : 1));
  return nearest ?? { label: null, margin: Number.POSITIVE_INFINITY };
}

/** The highest opening score of any label: how near the clip came to an event, or how clear one was. */
export function topScore({ opening }: ClipSignals): number {
  return Math.max(0, ...Object.values(opening));
}

/**
 * How far two models disagree on a clip: 1 minus the Dice (1945) coefficient of their boxes where both answer boxes, else of their
 * events, which agree when they are of one label and overlap. 0 where neither saw anything.
 */
export function disagreement(a: ClipSignals, b: ClipSignals, tolerance: number): Disagreement {
  if (a.sightings !== undefined && b.sightings !== undefined)
    return events.compare(a.sightings, b.sightings) ?? { share: 0, at: null };
  const all = a.detections.length + b.detections.length;
  return { share: all === 0 ? 0 : 1 - (2 * matchEvents(a.detections, b.detections, tolerance).length) / all, at: null };
}

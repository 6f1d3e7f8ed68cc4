import { z } from 'zod';
import { classScores, detectionsOf, holdsDetections, type DetectedBox, type InferResponse } from '#kernel';
import type { ClipDataset } from '#datasets';
import { mapScores, type ClassMapping } from '../class-mapping.ts';
import type { BoxRow } from '../detection/match-picture.ts';
import type { Asked, FramesShown, Reading } from '../task.ts';
import { countingBoxes, scoresOfBoxes, scoresOfClasses } from './label-scores.ts';

const MOST_DETECTIONS = 100_000;

const detectionSchema = z.strictObject({
  label: z.string().min(1).max(200),
  /** Seconds from the start of the clip. */
  start: z.number(),
  end: z.number(),
  /** The moment at which the last frame that persistence asks for had been seen. */
  alarm: z.number(),
  /** The highest score of any of its frames. */
  peak: z.number(),
});

export const detectionsSchema = z.strictObject({
  /** A path below the dataset's root; here a name that must be known, never opened. */
  id: z.string().min(1).max(4096),
  detections: z.array(detectionSchema).max(MOST_DETECTIONS).readonly(),
});

export type Detection = z.output<typeof detectionSchema>;
/** The events that a model's scores say there are in a clip. */
export type Detections = z.output<typeof detectionsSchema>;

/** @throws CouldNotRun when the response holds neither scores of these classes for each frame nor boxes */
export function readFrames(
  response: InferResponse,
  { site, frames }: FramesShown,
  { classes, rule }: Pick<ClipDataset, 'classes' | 'rule'>,
  mapping: Pick<ClassMapping, 'toDataset'>,
): Reading[] {
  const known = mapping.toDataset.length;
  if (holdsDetections(response)) {
    const boxes = detectionsOf(response, frames.length, known);
    return frames.map(({ timestamp, width, height }, at) => {
      const own = (boxes[at] ?? []).flatMap((box) => inDataset(box, mapping));
      const place = { site, width, height };
      const counting = countingBoxes(own, rule, place).map((box): BoxRow => {
        return [box.x1, box.y1, box.x2, box.y2, box.score, box.class];
      });
      return { timestamp, scores: scoresOfBoxes(own, rule, place), boxes: counting };
    });
  }
  const rows = classScores(response, frames.length, known);
  return frames.map(({ timestamp }, at) => {
    return { timestamp, scores: scoresOfClasses(mapScores(rows[at] ?? new Float32Array(), mapping, classes.length), rule) };
  });
}

function inDataset(box: DetectedBox, { toDataset }: Pick<ClassMapping, 'toDataset'>): DetectedBox[] {
  const named = toDataset[box.class] ?? null;
  return named === null ? [] : [{ ...box, class: named }];
}

/** Seconds by which the end of the last frame may lie behind the length that a header gives. */
const SLACK = 1;

/** Events of labels that there are, within the footage, and none that ends before it begins. */
export function detectionsFault({ detections }: Detections, { dataset, seconds }: Asked<ClipDataset>): string | null {
  const isPossible = ({ label, start, end, alarm }: Detection) =>
    Object.hasOwn(dataset.rule.labels, label) && start >= 0 && start <= end && start <= alarm && end <= (seconds ?? 0) + SLACK;
  return detections.every((event) => isPossible(event)) ? null : 'is answered with an event that cannot be in it';
}

import { z } from 'zod';
import { frameScores, type InferResponse } from '#kernel';
import type { ClipDataset } from '#datasets';
import { mapScores, type ClassMapping } from '../class-mapping.ts';
import type { Asked, Reading } from '../task.ts';

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
  timestamps: readonly number[],
  { classes }: Pick<ClipDataset, 'classes'>,
  mapping: Pick<ClassMapping, 'toDataset'>,
): Reading[] {
  const rows = frameScores(response, timestamps.length, mapping.toDataset.length);
  return timestamps.map((timestamp, index) => {
    return { timestamp, scores: mapScores(rows[index] ?? new Float32Array(), mapping, classes.length) };
  });
}

/** Seconds by which the end of the last frame may lie behind the length that a header gives. */
const SLACK = 1;

/** Events of labels that there are, within the footage, and none that ends before it begins. */
export function detectionsFault({ detections }: Detections, { dataset, seconds }: Asked<ClipDataset>): string | null {
  const isPossible = ({ label, start, end, alarm }: Detection) =>
    Object.hasOwn(dataset.rule.labels, label) && start >= 0 && start <= end && start <= alarm && end <= (seconds ?? 0) + SLACK;
  return detections.every((event) => isPossible(event)) ? null : 'is answered with an event that cannot be in it';
}

import { z } from 'zod';
import { countingBoxes } from './box-rule.ts';
import { classScores } from './class-scores.ts';
import { detectionsOf, holdsDetections } from './detections.ts';
import type { InferResponse } from './inference-protocol.ts';

/**
 * A replay at a site, between the two that may not know each other: the check, which writes what it saw, and the runtime,
 * which looks again where the model runs.
 */

/** `clip.json` of a clip image: the frames in order, each a lossless picture; seconds from the start of the clip. */
export const replayClipSchema = z.strictObject({
  version: z.literal(1),
  clip: z.string().min(1),
  frames: z.array(z.strictObject({ file: z.string().regex(/^[\w./-]+$/), timestamp: z.number() })).min(1),
});
export type ReplayClip = z.output<typeof replayClipSchema>;

/** What the release answered when it was judged, and how far another answer may be from it. */
export const expectedScoresSchema = z.strictObject({
  version: z.literal(1),
  /** How many classes the model scores. */
  classes: z.int().min(1),
  tolerance: z.number().nonnegative(),
  /** Of a model that answers boxes: which of them are looked at, on the clip. */
  boxes: z
    .strictObject({
      minimumArea: z.number().min(0).max(1),
      zones: z.array(z.array(z.tuple([z.number(), z.number()])).min(3)).nullable(),
    })
    .exactOptional(),
  /** Of each event label: its classes, and the label's score in each frame: the sum of theirs, or of boxes the best. */
  labels: z.record(
    z.string(),
    z.strictObject({ classes: z.array(z.int().nonnegative()).min(1), scores: z.array(z.number()).min(1) }),
  ),
});
export type ExpectedScores = z.output<typeof expectedScoresSchema>;

type Asked = Pick<ExpectedScores, 'classes' | 'boxes'> & { labels: Readonly<Record<string, { classes: readonly number[] }>> };

/**
 * Each label's score in one frame. The check and the site read answers by the same function, so that what differs is the answer.
 * @param size of the frame in pixels
 * @throws CouldNotRun as classScores and detectionsOf do
 */
export function replayScores(
  response: Pick<InferResponse, 'modelName' | 'outputs'>,
  { classes, labels, boxes: rule = { minimumArea: 0, zones: null } }: Asked,
  size: { width: number; height: number },
): Record<string, number> {
  const scoreOf = holdsDetections(response)
    ? bestOf(countingBoxes(detectionsOf(response, 1, classes)[0] ?? [], rule, size))
    : sumOf(classScores(response, 1, classes)[0] ?? new Float32Array());
  return Object.fromEntries(Object.entries(labels).map(([label, asked]) => [label, scoreOf(asked.classes)]));
}

function bestOf(boxes: readonly { score: number; class: number }[]) {
  return (classes: readonly number[]) =>
    boxes.reduce((best, { score, class: named }) => (classes.includes(named) ? Math.max(best, score) : best), 0);
}

function sumOf(scores: Float32Array) {
  return (classes: readonly number[]) => classes.reduce((sum, named) => sum + (scores[named] ?? Number.NaN), 0);
}

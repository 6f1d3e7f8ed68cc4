import { z } from 'zod';

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
  /** Of each event label: the classes whose scores are added, and the sum for each frame. */
  labels: z.record(
    z.string(),
    z.strictObject({ classes: z.array(z.int().nonnegative()).min(1), scores: z.array(z.number()).min(1) }),
  ),
});
export type ExpectedScores = z.output<typeof expectedScoresSchema>;

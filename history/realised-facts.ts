import { z } from 'zod';
import { digestSchema, releaseSchema } from '#kernel';
import { day, estimateSchema, instant, list, type FactKind } from './fact-kind.ts';

/**
 * What footage that arrived after a verdict showed of its release, beside the release that it was judged against: on the random samples
 * of one site that people labelled. `as`: whether it runs there, or is replayed in the shadow of what does.
 */
const realisedSchema = z.strictObject({
  kind: z.literal('realised'),
  model: z.string(),
  /** Record of the verdict. */
  verdict: digestSchema,
  as: z.enum(['deployed', 'shadow']),
  release: releaseSchema,
  reference: releaseSchema,
  site: z.string(),
  chipset: z.string(),
  metric: z.string(),
  /** Records of the labelled samples that it rests on, and the first and the last of their nights. */
  labelled: list(digestSchema),
  from: day,
  to: day,
  field: estimateSchema,
  at: instant,
});
export type RealisedFact = z.output<typeof realisedSchema>;

/** Its first form is today's, and says version 2 as all kinds did when it was added. */
const realised: FactKind<RealisedFact> = { version: 2, schemas: { 2: realisedSchema } };

export const realisedKinds = { realised };

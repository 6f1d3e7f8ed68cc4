import { z } from 'zod';
import { instant, unchangedKind } from './fact-kind.ts';

const placeAtCommit = { model: z.string(), site: z.string(), chipset: z.string(), fleetCommit: z.string() };

/**
 * What was seen of one release at one site, at one commit of the fleet repository: one fact each time its state changes, and
 * one when its controller first speaks of this very commit, which is when it was reconciled.
 */
const rolloutSchema = z.strictObject({
  kind: z.literal('rollout'),
  ...placeAtCommit,
  state: z.enum(['progressing', 'healthy', 'failed', 'superseded', 'unknown']),
  reason: z.string(),
  revision: z.string().nullable(),
  at: instant,
});
export type RolloutFact = z.output<typeof rolloutSchema>;

/** That a release was shown its clip where it runs, and whether it answered as it was judged; once for each commit and answer. */
const verifiedSchema = z.strictObject({
  kind: z.literal('verified'),
  ...placeAtCommit,
  outcome: z.enum(['pass', 'fail']),
  reason: z.string(),
  at: instant,
});
export type VerifiedFact = z.output<typeof verifiedSchema>;

export const rolloutKinds = { rollout: unchangedKind(rolloutSchema), verified: unchangedKind(verifiedSchema) };

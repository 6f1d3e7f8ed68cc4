import { z } from 'zod';
import { digestSchema } from '#kernel';

/** What runs where, and since when; its JSON Schema is docs/schemas/watch-report.schema.json. */
const rolloutSchema = z.strictObject({
  model: z.string(),
  site: z.string(),
  chipset: z.string(),
  /** What the fleet repository deploys there; null where it deploys nothing. */
  digest: digestSchema.nullable(),
  runtime: digestSchema.nullable(),
  state: z.enum(['progressing', 'healthy', 'failed', 'superseded', 'unknown']),
  /** In the controller's own words where it has said something. */
  reason: z.string(),
  /** The revision that the controller speaks of. */
  revision: z.string().nullable(),
  /** Since when it has been in this state, as far as anybody watched; ISO 8601. */
  since: z.string().nullable(),
});

export const watchReportSchema = z.strictObject({
  version: z.literal(1),
  controller: z.enum(['flux', 'argocd']),
  branch: z.string(),
  /** Of the fleet repository. */
  commit: z.string(),
  rollouts: z.array(rolloutSchema),
});

export type WatchReport = z.output<typeof watchReportSchema>;
export type WatchedRollout = WatchReport['rollouts'][number];

import { z } from 'zod';
import { digestSchema } from '#kernel';

/**
 * How often the gates of each model err on its team's own data, and how large a loss has to be before they wake up. Its JSON Schema is
 * docs/schemas/audit-report.schema.json.
 */
const outcome = z.enum(['pass', 'fail', 'inconclusive']);

/** A share with its 90% interval (Wilson). */
const rateSchema = z.strictObject({ count: z.int(), of: z.int(), low: z.number(), high: z.number() });

/** Worlds of one true loss, judged by one gate. */
const doseSchema = z.strictObject({
  /** What was aimed at, in margins of the gate; 0: nothing is lost. */
  target: z.number(),
  /** What was lost on average, in margins of the gate. */
  loss: z.number(),
  judged: z.int(),
  failed: z.int(),
  passed: z.int(),
});

const gateSchema = z.strictObject({
  /** As fieldproof.yaml names it: metric and where. */
  gate: z.string(),
  metric: z.string(),
  title: z.string().optional(),
  where: z.string(),
  /** In the unit of its metric; of latency, as a fraction. */
  margin: z.number(),
  unit: z.enum(['fraction', 'per hour', 'per image', 'seconds', 'ratio']),
  doses: z.array(doseSchema),
  /** The smallest loss, in margins, from which on nine of ten worlds fail; null: none of those that were judged. */
  wakesAt: z.number().nullable(),
  /** Why its data cannot tell twice the margin from the margin, and what would; null where they can, or nothing cost so much. */
  insufficient: z.string().nullable(),
  /** Why there is no curve, or less of one; null where there is all of it. */
  note: z.string().nullable(),
});

const stepSchema = z.strictObject({
  strength: z.string(),
  /** `refused`: its server would not run, so that no check would have judged it. */
  outcome: z.enum(['pass', 'fail', 'inconclusive', 'refused']),
  /** What each gate lost, in margins, where that is known. */
  gates: z.array(z.strictObject({ gate: z.string(), loss: z.number().nullable(), outcome })),
  /** Why a server refused; else null. */
  reason: z.string().nullable(),
});

const changeSchema = z.strictObject({
  change: z.string(),
  title: z.string(),
  steps: z.array(stepSchema),
  /** Why it cannot be made of this model; else null. */
  left: z.string().nullable(),
});

const modelSchema = z.strictObject({
  model: z.string(),
  /** Digest of the deployed model. */
  deployed: digestSchema,
  chipset: z.string(),
  policy: digestSchema,
  gates: z.array(gateSchema),
  changes: z.array(changeSchema),
  /**
   * Of all gates together: worlds without a loss that failed, worlds that lost the margin and passed, and, where the data can tell it,
   * worlds that lost twice as much and failed.
   */
  falseFails: rateSchema.nullable(),
  falsePasses: rateSchema.nullable(),
  caught: rateSchema.nullable(),
  /** Whole changes, as they were made, that cost a gate twice its margin or more, and were failed. */
  changesCaught: rateSchema.nullable(),
});

export const auditReportSchema = z.strictObject({
  version: z.literal(1),
  ref: z.string(),
  at: z.string(),
  seconds: z.number(),
  seed: z.int(),
  runner: z.strictObject({ name: z.enum(['process', 'docker']), sandboxed: z.boolean() }),
  models: z.array(modelSchema),
});

export type AuditReport = z.output<typeof auditReportSchema>;
export type AuditedModel = z.output<typeof modelSchema>;
export type AuditedGate = z.output<typeof gateSchema>;
export type AuditedChange = z.output<typeof changeSchema>;
export type AuditedStep = z.output<typeof stepSchema>;
export type Dose = z.output<typeof doseSchema>;
export type Rate = z.output<typeof rateSchema>;

import { z } from 'zod';
import { digestSchema } from '#kernel';
import { instant, list, type FactKind } from './fact-kind.ts';

const lived = {
  kind: z.literal('iteration'),
  model: z.string(),
  /** Record of the verdict. */
  verdict: digestSchema,
  head: z.string(),
  /** Dates of the first and the last commit of the change to the model's folder; null where its history is not here. */
  commits: z.strictObject({ count: z.int(), first: instant, last: instant }).nullable(),
  /** When a machine was asked for the check, and when it began; the same where nothing queues. Null: nobody said. */
  queued: instant.nullable(),
  began: instant,
  /** Records of the alarms that its commits say it answers. */
  answers: list(digestSchema),
};

/**
 * What an iteration was before its verdict: who waited for what since when, and which alarms it answers. `built`: from when until when its
 * image was built, wherever that was; null where nobody said.
 */
const iterationSchema = z.strictObject({ ...lived, built: z.strictObject({ from: instant, to: instant }).nullable() });
export type IterationFact = z.output<typeof iterationSchema>;

/** When it was built by; and a check began with that. */
const withEndOfBuild = z.strictObject({ ...lived, built: instant.nullable() }).transform(({ built, ...fact }): IterationFact => ({
  ...fact,
  built: built === null ? null : { from: fact.began, to: built },
}));

const STEPS = ['opened', 'check asked', 'check began', 'approved', 'deploy began'] as const;

/** Moments of an iteration that others know: the code host, the job that deploys. */
const stampedSchema = z.strictObject({
  kind: z.literal('stamped'),
  model: z.string(),
  verdict: digestSchema,
  by: z.enum(['code host', 'deploy']),
  steps: list(z.strictObject({ step: z.enum(STEPS), at: instant })),
});
export type StampedFact = z.output<typeof stampedSchema>;

const iteration: FactKind<IterationFact> = { version: 3, schemas: { 2: withEndOfBuild, 3: iterationSchema } };
const stamped: FactKind<StampedFact> = { version: 2, schemas: { 2: stampedSchema } };

export const iterationKinds = { iteration, stamped };

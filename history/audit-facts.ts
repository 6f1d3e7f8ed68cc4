import { z } from 'zod';
import { digestSchema, type Release } from '#kernel';
import { instant, kindWithReleases, list } from './fact-kind.ts';

/** What the ledger holds of an audit: how often the gates of a model err on its team's own data. */
const rate = z.strictObject({ count: z.int(), of: z.int() });

const auditWith = (release: z.ZodType<Release>) =>
  z.strictObject({
    kind: z.literal('audit'),
    model: z.string(),
    head: z.string(),
    /** Under which it was made, as of a verdict; and what model.yaml said of the deployed model: see familyOf. */
    policy: digestSchema,
    family: digestSchema.nullable(),
    deployed: release,
    chipset: z.string(),
    runner: z.strictObject({ name: z.string(), sandboxed: z.boolean() }),
    seed: z.int(),
    falseFails: rate.nullable(),
    falsePasses: rate.nullable(),
    caught: rate.nullable(),
    changesCaught: rate.nullable(),
    /** `wakesAt`: the smallest loss in margins from which on nine of ten fail. */
    gates: list(z.strictObject({ gate: z.string(), wakesAt: z.number().nullable() })),
    /** Whole changes: `outcome` of each strength. */
    changes: list(z.strictObject({ change: z.string(), strength: z.string(), outcome: z.string() })),
    left: list(z.strictObject({ change: z.string(), why: z.string() })),
    at: instant,
  });
export type AuditFact = z.output<ReturnType<typeof auditWith>>;

export const auditKinds = { audit: kindWithReleases(auditWith) };

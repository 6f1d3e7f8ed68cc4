import { z } from 'zod';
import { digestSchema, type Release } from '#kernel';
import { day, instant, kindWithReleases, list, unchangedKind } from './fact-kind.ts';

/** What the ledger holds of a release on its way to the field and, where need be, back. Each fact has the time of its step. */

/** A judged tree was merged. */
const mergeSchema = z.strictObject({
  kind: z.literal('merge'),
  model: z.string(),
  verdict: digestSchema,
  tree: z.string(),
  commit: z.string(),
  /** When that commit was made. */
  at: instant,
});
export type MergeFact = z.output<typeof mergeSchema>;

const placeSchema = z.strictObject({ site: z.string(), chipset: z.string() });

/** A wave of a release was committed to the branch that the controllers read. */
const deploymentWith = (release: z.ZodType<Release>) =>
  z.strictObject({
    kind: z.literal('deployment'),
    model: z.string(),
    candidate: release,
    superior: z.boolean(),
    verdict: digestSchema,
    /** The branch of the proposal. */
    proposal: z.string(),
    branch: z.string(),
    fleetCommit: z.string(),
    /** Left out by records from before there were waves: everything at once. */
    wave: z.strictObject({ number: z.int(), of: z.int(), places: list(placeSchema) }).exactOptional(),
    /** Paths that it wrote; left out by older records: all that its commit changed. */
    files: list(z.string()).exactOptional(),
    /** The waiver under which it landed without a pass. */
    waiver: digestSchema.nullable().exactOptional(),
    at: instant,
  });
export type DeploymentFact = z.output<ReturnType<typeof deploymentWith>>;

/** A release that is not to be deployed again: it failed, or somebody took it back. */
const holdWith = (release: z.ZodType<Release>) =>
  z.strictObject({
    kind: z.literal('hold'),
    model: z.string(),
    release,
    /** Record of the verdict under which it had landed. */
    verdict: digestSchema,
    /** The site that alone is taken back; null: all that it reached. */
    site: z.string().nullable(),
    by: z.string(),
    reason: z.string(),
    at: instant,
  });
export type HoldFact = z.output<ReturnType<typeof holdWith>>;

/** What came of taking a release back. */
const revertSchema = z.strictObject({
  kind: z.literal('revert'),
  model: z.string(),
  verdict: digestSchema,
  hold: digestSchema,
  /** As the hold's. */
  site: z.string().nullable(),
  /** Commits of the fleet repository that it takes back. */
  reverts: list(z.string()),
  outcome: z.enum(['committed', 'proposed', 'left']),
  /** The commit that does it; null where nothing could be written. */
  fleetCommit: z.string().nullable(),
  branch: z.string(),
  /** Paths that somebody has edited since, and that stay as they are. */
  edited: list(z.string()),
  reason: z.string(),
  at: instant,
});
export type RevertFact = z.output<typeof revertSchema>;

/** Somebody answers for going on: without a pass, or with a release that is held. Until the end of a day (UTC). */
const waiverSchema = z.strictObject({
  kind: z.literal('waiver'),
  model: z.string(),
  record: digestSchema,
  by: z.string(),
  why: z.string(),
  until: day,
  at: instant,
});
export type WaiverFact = z.output<typeof waiverSchema>;

export const deployKinds = {
  merge: unchangedKind(mergeSchema),
  deployment: kindWithReleases(deploymentWith),
  hold: kindWithReleases(holdWith),
  revert: unchangedKind(revertSchema),
  waiver: unchangedKind(waiverSchema),
};

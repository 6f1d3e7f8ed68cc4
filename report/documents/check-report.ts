import { z } from 'zod';
import { digestSchema, releaseSchema, unstagedReleaseSchema, type Release } from '#kernel';

/** Of each runner that a report may name. */
const RUNNERS_SHOWN = ['process', 'docker'] as const;

/**
 * All that a check found, in the form in which it is stored, shown and published. Every renderer reads this and nothing
 * else; its JSON Schema is docs/schemas/check-report.schema.json.
 */
const outcomeSchema = z.enum(['pass', 'fail', 'inconclusive']);

const intervalSchema = z.strictObject({ low: z.number(), high: z.number() });

const estimateSchema = z.strictObject({
  value: z.number().nullable(),
  interval: intervalSchema.nullable(),
  method: z.string(),
  clusters: z.int(),
  n: z.int(),
});

const sliceSchema = z.strictObject({ by: z.string(), value: z.string() });

const unit = z.enum(['fraction', 'per hour', 'per image', 'seconds', 'ratio', 'milliseconds', 'bytes']);

/** What people call the metric, where that is not its name without hyphens. */
const title = z.string().exactOptional();

/** One decision: a gate, on one slice or the whole, on one chipset, against one reference. */
const findingSchema = z.strictObject({
  metric: z.string(),
  title,
  /** The unit of every number here: `fraction`, `per hour`, `seconds`, `ratio`, `milliseconds`, `bytes`. */
  unit,
  better: z.enum(['more', 'less']),
  dataset: z.string().nullable(),
  chipset: z.string().nullable(),
  slice: sliceSchema.nullable(),
  /** What it is judged against: the release deployed today, the anchor, or a bound of its own. */
  against: z.enum(['baseline', 'anchor', 'bound', 'budget']),
  role: z.enum(['decides', 'guards', 'watches']),
  /** As measured; where the unit is `ratio`, in milliseconds. */
  candidate: z.number().nullable(),
  reference: z.number().nullable(),
  /** Candidate minus reference, signed so that more is better (for `ratio`: the log of reference over candidate). */
  gain: estimateSchema,
  /** Gain must stay above minus this, in the gain's own unit: for `ratio` a log, ln 1.1 where a tenth slower is allowed. */
  margin: z.number(),
  /** The smallest loss that this data would have shown with 80% power; null when unknown. */
  minimumDetectableEffect: z.number().nullable(),
  outcome: outcomeSchema,
  /** By identity: the same release on the same inputs. */
  identical: z.boolean(),
  reason: z.string(),
  /** For `inconclusive`: what would decide. */
  remedy: z.string().nullable(),
});

const latencySchema = z.strictObject({
  chipset: z.string(),
  key: z.record(z.string(), z.unknown()),
  /** Whether the key is the enrolled one; absolute budgets are judged only then. */
  enrolled: z.boolean(),
  /** Milliseconds, ascending, thinned to at most 400 points each. */
  candidate: z.array(z.number()),
  baseline: z.array(z.number()).nullable(),
  /** Candidate over baseline: 1 is equal, 2 is twice as slow. */
  ratio: estimateSchema.nullable(),
  /** The baseline against itself in the same run: what this machine's noise alone does. */
  control: estimateSchema.nullable(),
  /** The candidate's, in milliseconds; null where there are too few samples to know. */
  percentiles: z.record(z.string(), z.number().nullable()),
  /** How many of the candidate's requests they are of. */
  requests: z.int().exactOptional(),
  /** Median milliseconds from the start of a process until it is ready, and of its first answer, when all arms start at once. */
  startup: z
    .strictObject({
      ready: z.number(),
      first: z.number(),
      baselineReady: z.number().nullable(),
      baselineFirst: z.number().nullable(),
    })
    .nullable()
    .exactOptional(),
  /** Highest resident memory of the candidate, in bytes. */
  peakMemory: z.number().nullable().exactOptional(),
  /** Millijoules of the whole machine for a request; null where the host does not tell. */
  energy: z.strictObject({ candidate: z.number().nullable(), baseline: z.number().nullable() }).exactOptional(),
  /** The candidate alone under load, by MLPerf's names; times count from when a query was meant to start. */
  scenarios: z
    .array(
      z.strictObject({
        kind: z.enum(['single-stream', 'multi-stream', 'server', 'camera', 'offline']),
        perSecond: z.number().nullable(),
        seconds: z.number(),
        queries: z.int(),
        samplesPerSecond: z.number(),
        percentiles: z.record(z.string(), z.number().nullable()),
        /** Kept by this share of queries with 99% confidence; null of too few. */
        estimate: z.strictObject({ share: z.number(), milliseconds: z.number().nullable() }).nullable(),
      }),
    )
    .exactOptional(),
  /** Pairs of blocks that the machine disturbed, by a rule that never looks at how long answers took. */
  disturbed: z.strictObject({ measuredAgain: z.int(), keptDisturbed: z.int(), why: z.array(z.string()) }).exactOptional(),
});

export const shownSchema = {
  dataset: z.string(),
  sample: z.string(),
  caption: z.string(),
  slices: z.record(z.string(), z.string()),
  /** JPEG, base64; null where policy keeps pictures out of the report. */
  jpeg: z.string().nullable(),
  width: z.int(),
  height: z.int(),
};

const role = z.enum(['truth', 'reference', 'candidate']);

/** What is true, and what each release said, around the moment of an exhibit. */
const filmSchema = z.strictObject({
  /** Undrawn on, in order of time. `at`: seconds into the clip; null for a picture. JPEG, base64. */
  frames: z.array(z.strictObject({ at: z.number().nullable(), jpeg: z.string(), width: z.int(), height: z.int() })).max(24),
  /** In shares of the picture's width and height. */
  boxes: z
    .array(
      z.strictObject({
        role,
        label: z.string(),
        score: z.number().nullable(),
        x1: z.number(),
        y1: z.number(),
        x2: z.number(),
        y2: z.number(),
      }),
    )
    .max(400),
  /** Seconds into the clip. */
  spans: z
    .array(z.strictObject({ role, label: z.string(), score: z.number().nullable(), start: z.number(), end: z.number() }))
    .max(400),
});

/**
 * A picture of something that the change lost or gained, or of which the two releases say different things, ready to be shown. `film`: what
 * came before and after, where it was kept.
 */
const exhibitSchema = z.strictObject({
  change: z.enum(['lost', 'gained', 'apart']),
  ...shownSchema,
  film: filmSchema.exactOptional(),
});

const imageSchema = z.strictObject({ image: z.string(), digest: digestSchema });

const siteSchema = z.strictObject({
  name: z.string(),
  chipset: z.string(),
  /** Bytes that this site must download for the candidate, given what it runs today. */
  payloadBytes: z.int().nullable(),
  /** Seconds at the site's link rate. */
  transferSeconds: z.number().nullable(),
});

const proposed = { repository: z.string(), branch: z.string(), commit: z.string() };
/** `clip`: its image, which is shown to the model at each site, where that is configured. */
const proposalSchema = z.strictObject({ ...proposed, clip: imageSchema.optional() });

const modelReportWith = <E extends z.ZodType, P extends z.ZodType>(release: z.ZodType<Release>, exhibit: E, proposal: P) =>
  z.strictObject({
    model: z.string(),
    outcome: outcomeSchema,
    /** `first`: no release is deployed yet, so bounds alone judge it. */
    history: z.enum(['first', 'change', 'unchanged']),
    candidate: release,
    baselines: z.array(z.strictObject({ release, chipsets: z.array(z.string()), commit: z.string().nullable() })),
    findings: z.array(findingSchema),
    latency: z.array(latencySchema),
    exhibits: z.array(exhibit),
    sites: z.array(siteSchema),
    /** Predicted before the replay was scored. */
    prediction: z
      .strictObject({
        dataset: z.string(),
        metric: z.string(),
        title,
        unit: unit.exactOptional(),
        gain: estimateSchema,
        basis: z.string(),
      })
      .nullable(),
    /** Sample counts, ties, cache use, warnings: each a sentence with its remedy where there is one. */
    notes: z.array(z.string()),
    /** The fleet repository's proposal branch and commit, unless the verdict is fail, or nothing changes there. */
    proposal: proposal.nullable(),
    /** The verdict's record in the ledger. */
    record: digestSchema.nullable(),
    /** Where it failed beyond doubt before a dataset was asked to its end: what was not asked is not judged. */
    stopped: z.strictObject({ dataset: z.string(), asked: z.int(), of: z.int() }).exactOptional(),
    /** Where this pass says the opposite of an earlier fail of the same release on the same data, that fail. A deploy refuses such a pass. */
    failedBefore: z.strictObject({ record: digestSchema, on: z.string() }).exactOptional(),
  });

const aboutCheck = {
  /** Commits, and what policy was read from. */
  base: z.string(),
  head: z.string(),
  policy: z.string(),
  runner: z.strictObject({ name: z.enum(RUNNERS_SHOWN), sandboxed: z.boolean() }),
  seed: z.int(),
  startedAt: z.string(),
  seconds: z.number(),
  outcome: outcomeSchema,
  /** One sentence: what was decided and why. */
  headline: z.string(),
  /** The end of the ledger as a remote was known to hold it when the verdict was written; null where it was never shared. */
  ledger: z.strictObject({ seq: z.int(), digest: digestSchema }).nullable().exactOptional(),
  /** Nothing of it was written down: it is published nowhere, and no deploy counts it. */
  rehearsal: z.literal(true).exactOptional(),
  /** About the check as a whole, such as where policy was read from. */
  notes: z.array(z.string()),
};

const modelReportSchema = modelReportWith(releaseSchema, exhibitSchema, proposalSchema);

export const checkReportSchema = z.strictObject({ version: z.literal(2), ...aboutCheck, models: z.array(modelReportSchema) });

/** As it was written before releases had stages, and exhibits said what was asked. It becomes a report of today when it is read. */
const firstExhibitSchema = z
  .strictObject({ kind: z.enum(['missed-event', 'false-alarm', 'misclassified', 'gained']), ...shownSchema })
  .transform(({ kind, ...shown }): z.output<typeof exhibitSchema> => ({
    change: kind === 'gained' ? 'gained' : 'lost',
    ...shown,
  }));

/** Then the runtime that replays the clip was the same on every site, and stood beside it. */
const firstProposalSchema = z
  .strictObject({ ...proposed, replay: z.strictObject({ clip: imageSchema, runtime: imageSchema }).optional() })
  .transform(({ replay, ...proposal }): z.output<typeof proposalSchema> =>
    replay === undefined ? proposal : { ...proposal, clip: replay.clip },
  );

const firstCheckReportSchema = z
  .strictObject({
    version: z.literal(1),
    ...aboutCheck,
    models: z.array(modelReportWith(unstagedReleaseSchema, firstExhibitSchema, firstProposalSchema)),
  })
  .transform((report): CheckReport => ({ ...report, version: 2 }));

export const anyCheckReportSchema = z.discriminatedUnion('version', [checkReportSchema, firstCheckReportSchema]);

export type CheckReport = z.infer<typeof checkReportSchema>;
export type ModelReport = z.infer<typeof modelReportSchema>;
export type Finding = z.infer<typeof findingSchema>;
export type LatencyReport = z.infer<typeof latencySchema>;
export type Exhibit = z.infer<typeof exhibitSchema>;
export type Film = z.infer<typeof filmSchema>;

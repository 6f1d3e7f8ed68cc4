import { z } from 'zod';
import { digestSchema, releaseSchema, type Release, unstagedReleaseSchema } from '#kernel';
import { estimateSchema, instant, list, unchangedKind, type FactKind } from './fact-kind.ts';

/** What the ledger holds of a check. Each fact is appended before anything is concluded from it. */

const predictedWith = (release: z.ZodType<Release>) => ({
  kind: z.literal('prediction'),
  model: z.string(),
  head: z.string(),
  candidate: release,
  reference: release,
  dataset: z.string(),
  datasetDigest: digestSchema,
  metric: z.string(),
  research: estimateSchema.nullable(),
  field: estimateSchema,
  basis: z.string(),
  at: instant,
});

/** What one research dataset said. */
const benchSchema = z.strictObject({ dataset: z.string(), metric: z.string(), gain: estimateSchema });

/**
 * What the research datasets said, and what is therefore expected in the field. `research`: the one that matters most; `benches`: all
 * of them, which records of before did not tell.
 */
const predictionSchema = z.strictObject({ ...predictedWith(releaseSchema), benches: list(benchSchema) });
export type PredictionFact = z.output<typeof predictionSchema>;

const withoutBenches = (release: z.ZodType<Release>) =>
  z.strictObject(predictedWith(release)).transform((fact): PredictionFact => ({ ...fact, benches: [] }));

const shown = {
  kind: z.literal('outcome'),
  prediction: digestSchema,
  model: z.string(),
  dataset: z.string(),
  metric: z.string(),
  field: estimateSchema,
};

/**
 * What the field then showed. `prediction`: the record that this answers; `places`: the same for each site, on each chipset that was
 * asked, where the gate looks at sites.
 */
const outcomeSchema = z.strictObject({
  ...shown,
  places: list(z.strictObject({ site: z.string(), chipset: z.string(), field: estimateSchema })),
});
export type OutcomeFact = z.output<typeof outcomeSchema>;

const withoutPlaces = z.strictObject(shown).transform((fact): OutcomeFact => ({ ...fact, places: [] }));

const evaluated = {
  kind: z.literal('evaluation'),
  model: z.string(),
  head: z.string(),
  dataset: z.string(),
  datasetDigest: digestSchema,
  variant: z.string(),
  chipsetKey: digestSchema,
  threshold: z.number().nullable(),
  trials: z.int(),
  /** Over the trials themselves. */
  trialsDigest: digestSchema,
};

/** That a release was scored on a dataset, and by digest what exactly came of it: too little to leak a label. */
const evaluationSchema = z.strictObject({
  ...evaluated,
  release: releaseSchema,
  /** Null in records from before there was more than one: clips were asked for events, pictures for classes. */
  task: z.string().nullable(),
  taskVersion: z.int(),
});
export type EvaluationFact = z.output<typeof evaluationSchema>;

const firstEvaluationSchema = z
  .strictObject({ ...evaluated, release: unstagedReleaseSchema, metricVersion: z.int() })
  .transform(({ metricVersion, ...fact }): EvaluationFact => ({ ...fact, task: null, taskVersion: metricVersion }));

/** What a gate found. `method`: by which its interval was made, so that a record never changes its meaning with the code. */
const found = {
  metric: z.string(),
  where: z.string(),
  outcome: z.string(),
  low: z.number().nullable(),
  value: z.number().nullable(),
  high: z.number().nullable(),
};
const findingSchema = z.strictObject({ ...found, method: z.string().nullable() });
type FoundFact = z.output<typeof findingSchema>;
const findingWithoutMethod = z.strictObject(found).transform((finding): FoundFact => ({ ...finding, method: null }));

const verdictWith = (release: z.ZodType<Release>, finding: z.ZodType<FoundFact>) =>
  z.strictObject({
    kind: z.literal('verdict'),
    model: z.string(),
    base: z.string(),
    head: z.string(),
    /** Git tree of the model's folder at head: what may be deployed. */
    tree: z.string(),
    /** Of the configuration that judged it: see policyDigest. */
    policy: digestSchema,
    candidate: release,
    references: list(z.strictObject({ release, role: z.string() })),
    history: z.enum(['first', 'change', 'unchanged']),
    outcome: z.enum(['pass', 'fail', 'inconclusive']),
    /** Better beyond doubt on some deciding gate, and within its margin on all: fit to be the next anchor. */
    superior: z.boolean(),
    seed: z.int(),
    runner: z.strictObject({ name: z.string(), sandboxed: z.boolean() }),
    findings: list(finding),
    /** Where early looks may end a check: the level that is left for the last one. */
    earlyStopping: z.literal('last look at 96%').exactOptional(),
    /** Where it ended early, and so says nothing of predictions. */
    stopped: z.strictObject({ dataset: z.string(), asked: z.int(), of: z.int() }).exactOptional(),
    at: instant,
  });
export type VerdictFact = z.output<ReturnType<typeof verdictWith>>;

/** The very commit that a passed verdict wrote: what a deploy may land of a branch that others can push to. */
const proposalSchema = z.strictObject({
  kind: z.literal('proposal'),
  model: z.string(),
  /** Record of the verdict. */
  verdict: digestSchema,
  repository: z.string(),
  branch: z.string(),
  commit: z.string(),
});
export type ProposalFact = z.output<typeof proposalSchema>;

const prediction: FactKind<PredictionFact> = {
  version: 3,
  schemas: { 1: withoutBenches(unstagedReleaseSchema), 2: withoutBenches(releaseSchema), 3: predictionSchema },
};
const outcome: FactKind<OutcomeFact> = { version: 3, schemas: { 1: withoutPlaces, 2: withoutPlaces, 3: outcomeSchema } };
/** That a check which had ended early was asked to its end afterwards, for its prediction to be held against the field. */
const completionSchema = z.strictObject({
  kind: z.literal('completion'),
  model: z.string(),
  /** Record of the verdict, which stands. */
  verdict: digestSchema,
  /** What a check would have said of all of it. */
  outcome: z.enum(['pass', 'fail', 'inconclusive']),
  at: instant,
});
const verdict: FactKind<VerdictFact> = {
  version: 3,
  schemas: {
    1: verdictWith(unstagedReleaseSchema, findingWithoutMethod),
    2: verdictWith(releaseSchema, findingWithoutMethod),
    3: verdictWith(releaseSchema, findingSchema),
  },
};

const evaluation: FactKind<EvaluationFact> = { version: 2, schemas: { 1: firstEvaluationSchema, 2: evaluationSchema } };

export const checkKinds = {
  prediction,
  outcome,
  evaluation,
  verdict,
  proposal: unchangedKind(proposalSchema),
  completion: unchangedKind(completionSchema),
};

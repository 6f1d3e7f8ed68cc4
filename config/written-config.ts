import { z } from 'zod';
import { bitRate, byteSize, digestSchema, duration, fraction } from '#kernel';
import { METRICS } from '#tasks';
import { graphFields, placementBoundGate, placementQualityGate } from './written-graphs.ts';
import { writtenAuditSchema } from './written-audit.ts';
import { writtenReplaySchema } from './written-replays.ts';
import { writtenGithubSchema } from './written-github.ts';
import { writtenLedgerSchema } from './written-ledger.ts';
import { manifestFields, placement } from './written-manifests.ts';
import { imageName as image, label as name } from './written-names.ts';
import { pathInRepository } from './written-path.ts';
import { writtenScenarioSchema } from './written-scenarios.ts';
import { writtenSourceSchema } from './written-source.ts';
import { siteWatchFields, watchFields } from './written-watch.ts';

/** `fieldproof.yaml` as a person writes it. What is derived, defaulted or cross-checked is in the modules beside this one. */
const oneOrMore = z.array(z.string().min(1)).default([]);

const model = z.strictObject({
  build: pathInRepository.describe('A folder with a Dockerfile, or with a model.yaml alone for the stock ONNX runtime'),
  image: image.describe('Name under which its images are pushed and deployed, without tag or digest'),
  runtime: z
    .strictObject({ image, digest: digestSchema.optional() })
    .optional()
    .describe('The stock runtime: where it is pushed, or a published one by digest. Default: made from this installation'),
  serves: z
    .strictObject({ model: z.string().min(1).max(256), version: z.string().min(1).max(256).optional() })
    .optional()
    .describe('For a server of several models, or of several versions: which is meant. Default: the only one that it names'),
  task: z.enum(['classification', 'detection', 'embedding']),
  threshold: z.number().optional().describe('For servers that do not report one: the score at which a frame counts'),
  anchor: digestSchema.optional().describe('A pinned release that every candidate must not fall behind, beside the deployed one'),
});

const dataset = z.strictObject({
  manifest: pathInRepository.describe('The dataset manifest, below the repository root'),
  source: writtenSourceSchema.optional().describe('Where its files are fetched from. Default: they lie where the manifest says'),
  'bad-samples': z
    .union([z.literal('stop'), z.strictObject({ 'leave-out': fraction.refine((share) => share < 1, 'expected less than 100%') })])
    .default('stop')
    .describe('What cannot be decoded stops the check, or is left out for every model alike: at most this share of all'),
});

const place = z.union([
  z.literal('local'),
  z.strictObject({ runner: z.string().min(1) }).describe('A CI runner label'),
  z.strictObject({ ssh: z.string().min(1) }).describe('user@host'),
  z.strictObject({ endpoint: z.url() }).describe('An inference server that is already there'),
]);

const chipset = z.strictObject({
  platform: z.string().regex(/^[a-z0-9]+\/[a-z0-9]+(?:\/v\d+)?$/, 'expected an OCI platform, such as linux/amd64'),
  at: place.default('local'),
  variant: z.string().min(1).optional().describe('The weights it prefers; a model without them serves its default ones'),
  requires: z.strictObject({ cpu: oneOrMore }).default({ cpu: [] }),
  limits: z.strictObject({ cpus: z.int().min(1).max(1024).default(1), memory: byteSize.optional() }).default({ cpus: 1 }),
  budgets: z
    .strictObject({
      'latency-p50': duration.optional(),
      'latency-p90': duration.optional(),
      'latency-p95': duration.optional(),
      image: byteSize.optional(),
      memory: byteSize.optional(),
    })
    .default({}),
  scenarios: z
    .array(writtenScenarioSchema)
    .max(10)
    .optional()
    .describe('How load comes to it, by MLPerf’s names; shown, and never judged by'),
  placement: placement.optional().describe('Where its pods go in a cluster, and what they ask for there'),
});

export const latencyMetrics = ['latency-p50', 'latency-p90', 'latency-p95'] as const;
/** A fraction (`2%`), a bare number in the metric's own unit, or a duration, which becomes seconds. */
const amount = z.union([fraction, duration.transform((milliseconds) => milliseconds / 1000)]);

const qualityGate = z.strictObject({
  dataset: z.string().min(1),
  metric: z.enum([...METRICS.keys()]),
  margin: amount.optional().describe('How much may be lost against the baseline, in the unit of the metric'),
  'at-least': amount.optional(),
  'at-most': amount.optional(),
  guard: oneOrMore.describe('Slices of these names decide, each on its own'),
  'guard-margin': amount.optional().describe('What a guarded slice may lose, having less data than the whole. Default: margin'),
  watch: z
    .union([z.literal(true), oneOrMore])
    .default([])
    .describe('Slices that are only shown; true: the whole gate is'),
});

const latencyGate = z.strictObject({
  chipset: z.string().min(1).describe('A chipset, or "*" for each'),
  metric: z.enum(latencyMetrics),
  margin: fraction,
});

const site = z.strictObject({
  name,
  chipset: z.string().min(1),
  link: bitRate.optional(),
  canary: z.boolean().default(false).describe('It gets a release first; then come the others, chipset by chipset'),
  ...siteWatchFields,
});

const deploy = z.strictObject({
  controller: z.enum(['flux', 'argocd']),
  repository: z.string().min(1).describe('URL or path of the fleet repository; a path is relative to the model repository'),
  url: z.string().min(1).optional().describe('The URL under which the controllers read it. Default: repository'),
  branch: z.string().min(1).default('main'),
  mode: z.enum(['commit', 'pull-request']).default('commit').describe('How a release lands on that branch'),
  sites: z.array(site).min(1),
  ...manifestFields,
  ...watchFields,
});

export const writtenConfigSchema = z.strictObject({
  version: z.literal(1),
  models: z.record(name, model).refine((models) => Object.keys(models).length > 0, 'expected at least one model'),
  datasets: z.record(name, dataset).default({}),
  'base-images': z
    .array(image)
    .max(100)
    .default([])
    .describe('Images in private registries that a Dockerfile of any pull request may build on, named by digest there'),
  chipsets: z.record(name, chipset),
  gates: z.record(name, z.array(z.union([qualityGate, latencyGate, placementQualityGate, placementBoundGate])).min(1)),
  deploy: deploy.optional(),
  replays: z.record(name, writtenReplaySchema).default({}).describe('By model: the footage that is replayed every night'),
  ...graphFields,
  github: writtenGithubSchema.prefault({}),
  'early-stopping': z
    .enum(['off', 'to-fail'])
    .default('off')
    .describe(
      'to-fail: a check ends as soon as it is sure that a gate fails, which costs one point of the five that a gate may err',
    ),
  audit: writtenAuditSchema.prefault({}).describe('Audits of the gates: `fieldproof audit`'),
  ledger: writtenLedgerSchema.optional().describe('Who signs the ledger. Left out: every entry counts, whoever wrote it'),
  seed: z.int().nonnegative().default(1).describe('Seed of every random choice'),
});

export type WrittenConfig = z.output<typeof writtenConfigSchema>;

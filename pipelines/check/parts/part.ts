import { z } from 'zod';
import { digestSchema } from '#kernel';

/**
 * What one machine measured in one round of a check: answers of models and milliseconds, and nothing concluded from them.
 * It may come from a machine that ran a stranger's container, so nothing in it is a score: whoever joins the parts compares
 * the answers with the ground truth itself. Its JSON Schema is docs/schemas/part.schema.json.
 */
const MOST = { sets: 1000, samples: 2_000_000, detections: 100_000, milliseconds: 1000, blocks: 1000 };

const name = z.string().min(1).max(200);
/** Ids of samples and clips are paths below a dataset's root; here they are names that must be known, never opened. */
const id = z.string().min(1).max(4096);
const commit = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'expected a full commit id');
const count = z.int().nonnegative();
const release = z.strictObject({ model: digestSchema, runtime: digestSchema.nullable() });

const chipsetKey = z.strictObject({
  cpuModel: z.string().max(200),
  cpuFlags: z.array(z.string().max(64)).max(1000),
  cores: z.int().positive(),
  governor: z.string().max(64).nullable(),
  provider: z.string().max(64),
  threads: z.number().positive(),
  emulator: z.string().max(64).optional(),
});

/** What was asked by whom: the identity of an accuracy result. */
const trialKey = z.strictObject({
  model: digestSchema,
  runtime: digestSchema.nullable(),
  variant: name,
  dataset: digestSchema,
  chipsetKey: digestSchema,
  threshold: z.number().nullable(),
  metricVersion: z.int(),
});

const samplePrediction = z.strictObject({
  sample: id,
  /** The five best classes, best first. */
  ranked: z.array(count).min(1).max(5),
  /** The model's score of the true class and of its best class: shown beside pictures, and in no metric. */
  score: z.strictObject({ truth: z.number(), best: z.number() }),
  tied: z.boolean(),
});

const clipPrediction = z.strictObject({
  clip: id,
  /** Seconds from the start of the clip; `alarm`: when the event rule could have raised it. */
  detections: z
    .array(z.strictObject({ label: name, start: z.number(), end: z.number(), alarm: z.number(), peak: z.number() }))
    .max(MOST.detections),
});

const block = z.strictObject({
  /** Blocks of one start were answered by the same processes, blocks of one pair had the same requests. */
  start: count,
  pair: count,
  arm: z.enum(['candidate', 'reference', 'control']),
  milliseconds: z.array(z.number().nonnegative()).min(1).max(MOST.milliseconds),
});

const speed = z.strictObject({
  chipset: name,
  /** Null where the candidate is the first release. */
  reference: release.nullable(),
  /** One measurement; a second where a disturbed machine left the first undecided. */
  attempts: z.array(z.array(block).max(MOST.blocks)).min(1).max(2),
});

/** `reused`: how many of them that machine had from an earlier check. */
const measuredSchema = z.strictObject({
  model: name,
  candidate: release,
  samples: z
    .array(z.strictObject({ key: trialKey, reused: count, predictions: z.array(samplePrediction).max(MOST.samples) }))
    .max(MOST.sets),
  clips: z
    .array(z.strictObject({ key: trialKey, reused: count, predictions: z.array(clipPrediction).max(MOST.samples) }))
    .max(MOST.sets),
  speeds: z.array(speed).max(MOST.sets),
  /** Peak memory of the candidate, in bytes. */
  peaks: z.array(z.strictObject({ chipset: name, bytes: count })).max(MOST.sets),
});

export const partSchema = z.strictObject({
  version: z.literal(1),
  /** The check that it belongs to. */
  base: commit,
  head: commit,
  policy: commit,
  seed: count,
  round: z
    .enum(['research', 'replay'])
    .describe('research: pictures, before the field gain is predicted; replay: clips and speed'),
  runner: z.strictObject({ name: z.enum(['process', 'docker']), sandboxed: z.boolean() }),
  present: z
    .array(z.strictObject({ name, key: chipsetKey }))
    .max(64)
    .describe('The chipsets that the machine is'),
  absent: z
    .array(z.strictObject({ name, missing: z.array(z.string().max(500)).max(100) }))
    .max(64)
    .describe('Those that it was asked for and is not, and why'),
  models: z.array(measuredSchema).max(MOST.sets),
});

export type Part = z.infer<typeof partSchema>;
export type Round = Part['round'];
export type Measured = z.infer<typeof measuredSchema>;
export type SamplePrediction = z.infer<typeof samplePrediction>;
export type ClipPrediction = z.infer<typeof clipPrediction>;
export type Machine = Pick<Part, 'runner' | 'present' | 'absent'>;

/** What is left of a part when one model is looked at. */
export type ModelPart = Machine & { round: Round; measured: Measured };

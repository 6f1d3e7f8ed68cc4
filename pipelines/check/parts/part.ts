import { z } from 'zod';
import { digestSchema, releaseSchema } from '#kernel';
import { RUNNERS, type Machine } from '#runners';
import { ALL_TASKS } from '#tasks';

/**
 * What one machine measured in one round of a check: answers of models and milliseconds, and nothing concluded from them.
 * It may come from a machine that ran a stranger's container, so nothing in it is a score: whoever joins the parts compares
 * the answers with the ground truth itself. Its JSON Schema is docs/schemas/part.schema.json.
 */
const MOST = { sets: 1000, labels: 100_000, answers: 2_000_000, milliseconds: 1000, blocks: 2000 };

const name = z.string().min(1).max(200);
const commit = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'expected a full commit id');
const count = z.int().nonnegative();

const chipsetKey = z.strictObject({
  cpuModel: z.string().max(200),
  cpuFlags: z.array(z.string().max(64)).max(1000).readonly(),
  cores: z.int().positive(),
  governor: z.string().max(64).nullable(),
  provider: z.string().max(64),
  threads: z.number().positive(),
  emulator: z.string().max(64).optional(),
});

/** What was asked by whom: the identity of an accuracy result. */
const trialKey = z.strictObject({
  release: releaseSchema,
  variant: name,
  dataset: digestSchema,
  chipsetKey: digestSchema,
  threshold: z.number().nullable(),
  taskVersion: z.int(),
});

/** What one subject answered about one dataset. `reused`: how many of the answers that machine had from an earlier check. */
const [firstTask, ...otherTasks] = ALL_TASKS.map(({ name: task, answer }) =>
  z.strictObject({
    task: z.literal(task),
    key: trialKey,
    labels: z
      .array(z.string().max(200))
      .max(MOST.labels)
      .readonly()
      .nullable()
      .default(null)
      .describe('What the model calls its classes; null where it does not say'),
    manner: z.string().max(500).nullable().default(null).describe('How its server had to be asked; null where that is as usual'),
    reused: count,
    answers: z.array(answer).max(MOST.answers),
  }),
);
if (firstTask === undefined) throw new TypeError('there is no task that a part could answer');
const answerSet = z.discriminatedUnion('task', [firstTask, ...otherTasks]);

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
  reference: releaseSchema.nullable(),
  /** One measurement; a second where a disturbed machine left the first undecided. */
  attempts: z.array(z.array(block).max(MOST.blocks)).min(1).max(2),
  /** Shown, and never judged by. */
  about: z
    .strictObject({
      /** Milliseconds until a process was ready, and its first answer, of each start of the arms. */
      startups: z
        .array(
          z.strictObject({
            arm: z.enum(['candidate', 'reference', 'control']),
            ready: z.number().nonnegative(),
            first: z.number().nonnegative(),
          }),
        )
        .max(MOST.blocks),
      /** Pairs that the machine disturbed: measured once more, and of these kept although it was disturbed again. */
      measuredAgain: count,
      keptDisturbed: count,
      disturbances: z.array(z.string().max(200)).max(10),
      /** Millijoules of the whole machine for a request; null where the host does not tell (RAPL). */
      /** Under load, by MLPerf's names: see ToldLoad. */
      scenarios: z
        .array(
          z.strictObject({
            kind: z.enum(['single-stream', 'multi-stream', 'server', 'camera', 'offline']),
            perSecond: z.number().nullable(),
            seconds: z.number().nonnegative(),
            queries: count,
            samplesPerSecond: z.number().nonnegative(),
            percentiles: z.record(z.string().max(64), z.number().nullable()),
            estimate: z.strictObject({ share: z.number(), milliseconds: z.number().nullable() }).nullable(),
          }),
        )
        .max(10),
      energy: z.strictObject({ candidate: z.number().nullable(), reference: z.number().nullable() }),
    })
    .exactOptional(),
});

const measuredSchema = z.strictObject({
  model: name,
  candidate: releaseSchema,
  answers: z.array(answerSet).max(MOST.sets),
  speeds: z.array(speed).max(MOST.sets),
  stopped: z
    .strictObject({ dataset: name, chipset: name, asked: count })
    .exactOptional()
    .describe('Where the answers end early: enough of this dataset were asked to be sure that the candidate fails'),
  /** Peak memory of the candidate, in bytes. */
  peaks: z.array(z.strictObject({ chipset: name, bytes: count })).max(MOST.sets),
});

export const partSchema = z.strictObject({
  version: z.literal(2),
  /** The check that it belongs to. */
  base: commit,
  head: commit,
  policy: commit,
  seed: count,
  round: z
    .enum(['research', 'replay'])
    .describe('research: before the field gain is predicted; replay: what was recorded in the field, and speed'),
  runner: z.strictObject({ name: z.enum(RUNNERS), sandboxed: z.boolean() }),
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
export type Measured = z.infer<typeof measuredSchema>;

/** What is left of a part when one model is looked at. */
export type ModelPart = Machine & { round: Part['round']; measured: Measured };

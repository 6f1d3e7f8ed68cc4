import { z } from 'zod';
import { bitRate, byteSize, duration, fraction } from '#kernel';
import { MESSAGE_KINDS, type MessageKind } from '#graphs';
import { METRICS } from '#tasks';
import { writtenGraphDeploySchema } from './written-graph-deploy.ts';
import { imageName, label as stageName } from './written-names.ts';
import { pathInRepository } from './written-path.ts';

/** `graphs`, `placements`, `places` and `links` of fieldproof.yaml, as a person writes them. */
const from = z.union([stageName, z.array(stageName).min(1).max(8)]).describe('The stage, or the stages, whose messages it takes');
const kind = z.enum(MESSAGE_KINDS as readonly [MessageKind, ...MessageKind[]]);
/** Three times what anybody has; the rules look at every stage from every other. */
const MOST_STAGES = 64;
const count = z.int().positive().max(100_000);

const modelStage = z.strictObject({ model: z.string().min(1).describe('A model of this file'), from });

const containerStage = z.strictObject({
  container: pathInRepository.describe('A folder with a Dockerfile of a program that speaks the stage contract'),
  takes: z.array(kind).min(1).max(5),
  gives: kind,
  contract: z.int().positive().default(1).describe('The version of the message contract that it was made for'),
  image: imageName.optional().describe('Where its image is pushed, without tag or digest; needed to ship it'),
  from,
});

const stockStage = z.discriminatedUnion('stock', [
  z.strictObject({ stock: z.literal('decode').describe('Reads cameras, and gives their frames') }),
  z.strictObject({ stock: z.literal('sample'), from, 'frames-per-second': z.number().positive().max(240) }),
  z.strictObject({
    stock: z.literal('motion'),
    from,
    area: fraction.default(0.01).describe('The share of the picture that has to change'),
    hold: duration.default(1000).describe('For how long frames go on after the last motion'),
  }),
  z.strictObject({
    stock: z.literal('crop'),
    from,
    classes: z.array(z.string().min(1)).max(1000).default([]).describe('Default: every class'),
    score: z.number().min(0).max(1).default(0.3),
    most: count.default(4).describe('Crops of one frame, the surest'),
  }),
  z.strictObject({
    stock: z.literal('events'),
    from,
    threshold: z.number().optional().describe("Default: the model's own"),
  }),
  z.strictObject({
    stock: z.literal('index'),
    from,
    label: z.string().min(1).max(200).default('visitor').describe('What its events are called'),
    similarity: z.number().min(-1).max(1).default(0.7).describe('Cosine from which two embeddings are of one'),
    again: duration.default(60_000).describe('Who was away for so long comes anew'),
    most: count.default(1000).describe('Whom it remembers; the longest unseen are forgotten'),
  }),
  z.strictObject({ stock: z.literal('draw'), from }),
]);

const graph = z.strictObject({
  footage: z.string().min(1).describe('The dataset of clips with events that it is measured on'),
  stages: z
    .record(stageName, z.union([stockStage, modelStage, containerStage]))
    .refine((stages) => Object.keys(stages).length > 0, 'expected at least one stage')
    .refine((stages) => Object.keys(stages).length <= MOST_STAGES, `expected at most ${MOST_STAGES} stages`),
  answer: stageName.optional().describe('The stage whose events are the answer. Default: the only one that gives events'),
  cameras: z.int().min(1).max(1000).default(1).describe('Cameras at once, while placements are measured'),
  queue: z
    .int()
    .min(1)
    .max(1000)
    .default(4)
    .describe('Messages that wait before a stage; a frame more, and the oldest is dropped'),
  deploy: writtenGraphDeploySchema.optional().describe('Where it runs in the fleet: `fieldproof ship`'),
});

const placement = z.strictObject({
  stages: z.record(z.union([stageName, z.literal('*')]), stageName).describe('The place of each stage; "*" for all others'),
  link: z
    .union([stageName, z.array(z.strictObject({ from: stageName, to: stageName, over: stageName })).max(100)])
    .optional()
    .describe('What lies between the places. From the one nearer to the cameras to the other is up'),
});

const money = z.number().nonnegative();

const place = z.strictObject({
  cpus: z.number().positive().max(1024).default(1).describe('Processors that it has; 0.5 is half of one'),
  memory: byteSize.optional(),
  price: z
    .strictObject({
      month: money.default(0).describe('Of one machine in a month, shared by the cameras that are measured on it'),
      'cpu-hour': money.default(0).describe('Of one processor for an hour'),
    })
    .default({ month: 0, 'cpu-hour': 0 }),
});

const link = z.strictObject({
  up: bitRate,
  down: bitRate,
  delay: duration.default(0).describe('One way'),
  jitter: duration.default(0),
  loss: fraction.default(0).describe('Of packets, where the kernel can lose them'),
  price: z.strictObject({ gigabyte: money.default(0) }).default({ gigabyte: 0 }),
});

export const graphFields = {
  graphs: z.record(stageName, graph).default({}).describe('Stages wired from camera to answer, judged as one'),
  placements: z
    .record(stageName, z.record(stageName, placement))
    .default({})
    .describe('By graph: where its stages run, in each way that is worth measuring'),
  places: z.record(stageName, place).default({}).describe('Classes of sites, such as edge and cloud'),
  links: z.record(stageName, link).default({}).describe('What lies between two places'),
};

const amount = z.union([fraction, duration.transform((milliseconds) => milliseconds / 1000)]);

/** `at-most 200 kbit/s`: the word, and a quantity. */
function atMost<S extends z.ZodType<unknown, string>>(quantity: S) {
  return z
    .string()
    .regex(/^at-most\s+\S/, 'expected at-most and a quantity, such as at-most 200 kbit/s')
    .transform((text) => text.replace(/^at-most\s+/, ''))
    .pipe(quantity)
    .optional();
}

const number = z
  .string()
  .regex(/^\d+(?:\.\d+)?$/, 'expected a number')
  .transform(Number);
const percentage = z
  .string()
  .regex(/^\d+(?:\.\d+)?\s*%$/, 'expected a percentage, such as 2%')
  .transform((text) => Number.parseFloat(text) / 100);

const placementName = z.string().min(1).describe('One of the placements of the graph');

export const placementBoundGate = z.strictObject({
  placement: placementName,
  uplink: atMost(bitRate),
  downlink: atMost(bitRate),
  'end-to-end-p50': atMost(duration),
  'end-to-end-p95': atMost(duration),
  dropped: atMost(percentage).describe('The share of frames that nobody had time for'),
  cost: atMost(number).describe('A camera and month, in the currency of the prices'),
});

export const placementQualityGate = z.strictObject({
  placement: placementName,
  metric: z.enum([...METRICS.keys()]),
  margin: amount.optional().describe('How much may be lost against the graph as it is at the base, in the unit of the metric'),
  'at-least': amount.optional(),
  'at-most': amount.optional(),
});

export type WrittenGraph = z.output<typeof graph>;
export type WrittenStage = WrittenGraph['stages'][string];
export type WrittenPlacement = z.output<typeof placement>;
export type WrittenPlacementGate = z.output<typeof placementBoundGate> | z.output<typeof placementQualityGate>;

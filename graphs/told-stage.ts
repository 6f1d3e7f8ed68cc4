import { z } from 'zod';
import { MESSAGE_KINDS, type MessageKind } from './message.ts';

const name = z.string().min(1).max(200);
const share = z.number().min(0).max(1);
const milliseconds = z.number().nonnegative();
const count = z.int().positive();
const kind = z.enum(MESSAGE_KINDS as readonly [MessageKind, ...MessageKind[]]);
const stock = z.literal('stock');

const model = z.strictObject({
  kind: z.literal('model'),
  model: name,
  task: z.enum(['classification', 'detection', 'embedding']),
});
const container = z.strictObject({
  kind: z.literal('container'),
  build: z.string(),
  takes: z.array(kind),
  gives: kind,
  contract: count,
});
const settings = z.discriminatedUnion('stock', [
  z.strictObject({ kind: stock, stock: z.literal('decode') }),
  z.strictObject({ kind: stock, stock: z.literal('sample'), framesPerSecond: z.number().positive() }),
  z.strictObject({ kind: stock, stock: z.literal('motion'), area: share, hold: milliseconds }),
  z.strictObject({ kind: stock, stock: z.literal('crop'), classes: z.array(z.string()), score: share, most: count }),
  z.strictObject({ kind: stock, stock: z.literal('events'), threshold: z.number().nullable() }),
  z.strictObject({
    kind: stock,
    stock: z.literal('index'),
    label: name,
    similarity: z.number().min(-1).max(1),
    again: milliseconds,
    most: count,
  }),
  z.strictObject({ kind: stock, stock: z.literal('draw') }),
]);

const rule = z.strictObject({
  framesPerSecond: z.number().positive(),
  persistence: count,
  mergeGap: z.number().nonnegative(),
  minimumArea: share,
  threshold: z.number(),
  labels: z.record(z.string(), z.array(z.string())),
});

/**
 * What a stage that is deployed is told of its work; its edges come beside it. It travels as JSON.
 * `threshold` of the rule: that of the detector before it, where the stage names none.
 */
export const toldStageSchema = z.strictObject({
  graph: name,
  name,
  /** Whose messages it takes; none for a stage that reads cameras. */
  from: z.array(name),
  work: z.union([model, container, settings]),
  rule,
  /** Messages that wait before it; a frame more, and the oldest is dropped. */
  queue: count,
  /** Its events are the graph's answer. */
  isAnswer: z.boolean(),
});

export type ToldStage = z.output<typeof toldStageSchema>;

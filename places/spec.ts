import { z } from 'zod';
import type { Graph, Placement } from '#graphs';

/** Where a place listens: a socket file, or a port. */
export type Address = { path: string } | { host: string; port: number };

/** Where frames of cameras come from, in place of a stage. */
export const CAMERAS = 'cameras';

/** What a place is told before anything runs. Our own harness writes it, and nobody else. */
export type PlaceSpec = {
  place: string;
  graph: Graph;
  /** The stages that run here. */
  mine: readonly string[];
  /** Where each stage of the graph runs. */
  at: Placement['at'];
  /** By stage: the folder of its model, and how it is served. */
  models: Readonly<Record<string, { folder: string; variant: string | null; threads: number }>>;
  /** By stage: where a program of somebody else's listens. */
  programs: Readonly<Record<string, Address>>;
  listen: Address;
  /** Messages that wait before a stage. */
  queue: number;
  /** Milliseconds that a stage may take for one message. */
  answerWithin: number;
  /** Quality of JPEGs that leave this place. */
  quality: number;
  /** Milliseconds by which its clock is wrong: for tests, since all places of one machine share theirs. */
  clockError: number;
};

/** What the harness says to a place, a line of JSON each. */
export type Order =
  | { kind: 'spec'; spec: PlaceSpec }
  | { kind: 'begin'; peers: Readonly<Record<string, Address>>; rule: Rule }
  | { kind: 'time' }
  | { kind: 'status' }
  | { kind: 'report' };

/** How detections become events. */
export type Rule = {
  framesPerSecond: number;
  persistence: number;
  mergeGap: number;
  threshold: number;
  minimumArea: number;
  labels: Readonly<Record<string, readonly string[]>>;
};

const count = z.int().nonnegative();
const drops = z.array(z.strictObject({ camera: z.string(), capturedAt: z.number(), at: z.number() }));

/** Of one stage and one camera. Milliseconds of processor time. */
const work = z.strictObject({ camera: z.string(), handled: count, cpu: z.number() });

export const stageReportSchema = z.strictObject({
  stage: z.string(),
  work: z.array(work),
  /** Milliseconds from capture until the stage had done with it, by this place's clock; of each message. */
  delays: z.array(z.number()),
  /** What it had no time for, and when. */
  dropped: drops,
});

/** One edge that leaves the place. */
const sentSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  bytes: z.array(z.strictObject({ camera: z.string(), messages: count, bytes: count })),
  dropped: drops,
});

/** One edge that comes in. `again` and `late`: messages that were not worked on, having come twice or out of order. */
const receivedSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  messages: count,
  again: count,
  late: count,
  missing: count,
});

const judgedSchema = z.strictObject({ camera: z.string(), capturedAt: z.number(), endedAt: z.number() });
const answerSchema = z.strictObject({
  camera: z.string(),
  label: z.string(),
  start: z.number(),
  end: z.number(),
  alarm: z.number(),
  peak: z.number(),
  subject: z.string().nullable(),
});

export const placeReportSchema = z.strictObject({
  kind: z.literal('report'),
  stages: z.array(stageReportSchema),
  sent: z.array(sentSchema),
  received: z.array(receivedSchema),
  /** What the answer stage has looked at, where it runs here, and what it said. */
  judged: z.array(judgedSchema),
  answers: z.array(answerSchema),
  /** Bytes, the most that the process ever held. */
  peakMemory: z.number(),
  /** Processor time in milliseconds of all that the process did since the cameras began, and how long that was. */
  cpu: z.number(),
  elapsed: z.number(),
});

/** What a place says, a line of JSON each. */
export const sayingSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ready'),
    address: z.union([z.strictObject({ path: z.string() }), z.strictObject({ host: z.string(), port: z.int() })]),
    /** By stage, of its model. */
    thresholds: z.record(z.string(), z.number().nullable()),
  }),
  z.strictObject({ kind: z.literal('begun') }),
  z.strictObject({ kind: z.literal('time'), now: z.number() }),
  z.strictObject({ kind: z.literal('status'), waiting: count, handled: count, sent: count, received: count }),
  z.strictObject({ kind: z.literal('beat'), busy: z.string().nullable() }),
  z.strictObject({ kind: z.literal('failed'), stage: z.string().nullable(), reason: z.string() }),
  placeReportSchema,
]);

export type Saying = z.output<typeof sayingSchema>;
export type PlaceReport = z.output<typeof placeReportSchema>;
export type StageReport = z.output<typeof stageReportSchema>;

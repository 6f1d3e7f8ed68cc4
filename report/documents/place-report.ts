import { z } from 'zod';

/**
 * The placements of an inference graph, measured against each other on replay footage at live rate. Its JSON Schema is
 * docs/schemas/place-report.schema.json.
 */
const intervalSchema = z.strictObject({ low: z.number(), high: z.number() });
const outcomeSchema = z.enum(['pass', 'fail', 'inconclusive']);

const measureSchema = z.strictObject({
  /** A metric of the footage's task, or an axis of the placement. */
  name: z.string(),
  title: z.string(),
  unit: z.enum(['fraction', 'per hour', 'per image', 'seconds', 'milliseconds', 'bit/s', 'a camera and month']),
  better: z.enum(['more', 'less']),
  value: z.number().nullable(),
  /** The 90% interval: a one-sided 95% bound at each end. Null where too little was seen to say. */
  interval: intervalSchema.nullable(),
  method: z.string(),
});

const stageSchema = z.strictObject({
  stage: z.string(),
  place: z.string(),
  /** Messages that it worked on, and that it had no time for. */
  handled: z.int(),
  dropped: z.int(),
  /** Milliseconds of processor time a second of one camera. */
  processor: z.number(),
  /** Milliseconds from capture until it was done; null where it did nothing. */
  p50: z.number().nullable(),
  p95: z.number().nullable(),
});

const placeSchema = z.strictObject({
  place: z.string(),
  cpus: z.number(),
  /** What kept it to them; null where nothing could. */
  limitedBy: z.string().nullable(),
  /** Share of its processors that it used. */
  load: z.number(),
  /** Bytes. */
  peakMemory: z.number(),
  /** Milliseconds by which its clock was ahead of the camera's, and how well that is known. */
  clock: z.strictObject({ offset: z.number(), within: z.number() }),
});

const crossingSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  kind: z.string(),
  way: z.enum(['up', 'down']),
  link: z.string(),
  /** Bytes an hour of one camera. */
  bytesAnHour: z.number(),
  dropped: z.int(),
});

const linkSchema = z.strictObject({ link: z.string(), shapedBy: z.string().nullable() });

const placementSchema = z.strictObject({
  placement: z.string(),
  /** The first is what the footage is about; the others are delay, bytes and cost. */
  measures: z.array(measureSchema),
  stages: z.array(stageSchema),
  places: z.array(placeSchema),
  crossings: z.array(crossingSchema),
  links: z.array(linkSchema),
  /** Placements that are clearly better in something, and clearly worse in nothing. */
  dominatedBy: z.array(z.string()),
});

const findingSchema = z.strictObject({
  placement: z.string(),
  measure: z.string(),
  outcome: outcomeSchema,
  reason: z.string(),
});

/** The graph with one changed stage alone, or with all of them. */
const swapSchema = z.strictObject({
  placement: z.string(),
  /** Null: all that change. */
  stage: z.string().nullable(),
  measures: z.array(measureSchema),
});

const triedSchema = z.strictObject({
  cameras: z.int(),
  dropped: z.number(),
  /** Milliseconds from capture to answer. */
  p95: z.number().nullable(),
  bears: z.boolean(),
});

const bearingSchema = z.strictObject({
  placement: z.string(),
  /** Cameras at once that it bears; null where not even one. */
  cameras: z.int().nullable(),
  /** What was tried, in order. */
  tried: z.array(triedSchema),
  /** The stage that broke first; null where none did. */
  broke: z.strictObject({ stage: z.string(), place: z.string(), why: z.string() }).nullable(),
  /** The number, and a tenth more or less, tried for much longer; null where nobody asked for that. */
  confirmed: z.strictObject({ seconds: z.number(), tried: z.array(triedSchema), agrees: z.boolean() }).nullable(),
});

/** Whether single runs agree with each other. */
const orderSchema = z.strictObject({
  runs: z.int(),
  /** Pairs of placements, by measure, whose intervals do not overlap in some run. */
  apart: z.int(),
  /** Those that some run has clearly in the other order. */
  otherwise: z.array(z.strictObject({ measure: z.string(), low: z.string(), high: z.string(), inRuns: z.array(z.int()) })),
});

export const placeReportSchema = z.strictObject({
  version: z.literal(1),
  graph: z.string(),
  footage: z.strictObject({ dataset: z.string(), clips: z.int(), seconds: z.number() }),
  cameras: z.int(),
  repeats: z.int(),
  seed: z.int(),
  /** Commits; null where the working tree was measured. */
  base: z.string().nullable(),
  head: z.string().nullable(),
  /** Stages whose model is another at head than at base. */
  changed: z.array(z.string()),
  placements: z.array(placementSchema),
  /** The same at base, where there is one. */
  before: z.array(placementSchema),
  swaps: z.array(swapSchema),
  bearings: z.array(bearingSchema),
  /** Null where each was run once. */
  order: orderSchema.nullable(),
  findings: z.array(findingSchema),
  /** Null where no gate asks for anything. */
  outcome: outcomeSchema.nullable(),
  notes: z.array(z.string()),
  took: z.number(),
});

export type PlaceReport = z.output<typeof placeReportSchema>;
export type PlacementReport = z.output<typeof placementSchema>;
export type PlaceMeasure = z.output<typeof measureSchema>;
export type OrderOfRuns = z.output<typeof orderSchema>;
export type Bearing = z.output<typeof bearingSchema>;

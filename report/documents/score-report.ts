import { z } from 'zod';
import { shownSchema } from './check-report.ts';

/**
 * How good the models are that lie in a working tree, by themselves: nothing is compared, and nothing decided. Its JSON Schema is
 * docs/schemas/score-report.schema.json.
 */
const metricSchema = z.strictObject({
  metric: z.string(),
  /** What it is, as the subject of a sentence. */
  inWords: z.string(),
  unit: z.enum(['fraction', 'per hour', 'per image', 'seconds']),
  better: z.enum(['more', 'less']),
  /** Null where it is not defined; `method` then says why. */
  value: z.number().nullable(),
  /** The 90% interval: a one-sided 95% bound at each end. */
  interval: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
  method: z.string(),
  /** How many independent things it rests on. */
  clusters: z.int(),
});

const datasetSchema = z.strictObject({
  dataset: z.string(),
  task: z.string(),
  medium: z.enum(['pictures', 'clips']),
  items: z.int(),
  metrics: z.array(metricSchema),
  /** How many misses there are, and pictures of the clearest. */
  missed: z.int(),
  misses: z.array(z.strictObject({ change: z.enum(['lost', 'gained', 'apart']), ...shownSchema })),
  notes: z.array(z.string()),
});

const modelSchema = z.strictObject({ model: z.string(), chipset: z.string(), datasets: z.array(datasetSchema) });

export const scoreReportSchema = z.strictObject({
  version: z.literal(1),
  runner: z.strictObject({ name: z.enum(['process', 'docker']), sandboxed: z.boolean() }),
  seed: z.int(),
  seconds: z.number(),
  models: z.array(modelSchema),
});

export type ScoreReport = z.output<typeof scoreReportSchema>;
export type ScoredModel = z.output<typeof modelSchema>;
export type ScoredDataset = z.output<typeof datasetSchema>;
export type ScoredMetric = z.output<typeof metricSchema>;

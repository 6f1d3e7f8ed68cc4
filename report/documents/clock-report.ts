import { z } from 'zod';
import { digestSchema } from '#kernel';

const seconds = z.int().nonnegative();
const durations = z.strictObject({ iterations: z.int(), median: seconds, p90: seconds, longest: seconds }).nullable();
const owner = z.enum(['author', 'reviewer', 'machines', 'platform', 'field', 'labellers']);

const span = z.strictObject({
  kind: z.enum(['work', 'wait', 'gap']).describe('gap: it is not known what happened in it, for a stamp is missing'),
  name: z.string(),
  owner: owner.nullable().describe('Whose time it is; null of a gap'),
  from: z.string(),
  to: z.string(),
  seconds,
});

const iteration = z.strictObject({
  model: z.string(),
  verdict: digestSchema,
  release: z.string(),
  head: z.string(),
  state: z.enum(['field-verified', 'landed', 'underway', 'rejected', 'taken back']),
  answers: z.array(digestSchema).readonly().describe('Records of the alarms that it answers'),
  from: z.string(),
  to: z.string(),
  elapsed: seconds,
  work: seconds,
  waits: seconds,
  gaps: seconds,
  spans: z.array(span).readonly().describe('In order, each beginning where the one before ends'),
});

const wait = z.strictObject({
  name: z.string(),
  owner,
  seconds,
  share: z.number(),
  iterations: z.int(),
  median: seconds,
  whatIfHalved: seconds.nullable().describe('Median duration of an iteration if this wait had taken half as long'),
});

const alarm = z.strictObject({
  alarm: digestSchema,
  model: z.string(),
  site: z.string(),
  signal: z.string(),
  raised: z.string().nullable(),
  answeredBy: z.array(digestSchema).readonly(),
  ended: z
    .strictObject({ night: z.string(), why: z.string().nullable(), by: digestSchema.nullable(), at: z.string().nullable() })
    .nullable(),
  seconds: z.int().nullable(),
});

/** Where the time of every iteration went; its JSON Schema is docs/schemas/clock-report.schema.json. */
export const clockReportSchema = z.strictObject({
  version: z.literal(1),
  until: z.string().describe('Until when what is underway has taken; ISO 8601'),
  iterations: z.array(iteration).readonly(),
  clock: z.strictObject({
    durations: durations.describe(
      'Of iterations in the field: field-verified, or landed where nobody watches; null where none is',
    ),
    work: seconds,
    waits: seconds,
    gaps: seconds,
    byWait: z.array(wait).readonly(),
    worst: z
      .array(
        z.strictObject({
          month: z.string(),
          name: z.string(),
          owner,
          seconds,
          verdict: digestSchema,
          head: z.string(),
          model: z.string(),
        }),
      )
      .readonly(),
  }),
  fourKeys: z.strictObject({
    deployments: z.int(),
    deploymentsPerWeek: z.number().nullable(),
    leadTime: durations,
    changeFailureRate: z.number().nullable(),
    timeToRestore: durations,
  }),
  alarms: z.array(alarm).readonly(),
  before: z
    .strictObject({
      from: z.string(),
      durations,
      releases: z.array(z.strictObject({ name: z.string(), started: z.string(), finished: z.string(), seconds })).readonly(),
    })
    .nullable()
    .describe('How long the process of before took'),
});

export type ClockReport = z.output<typeof clockReportSchema>;

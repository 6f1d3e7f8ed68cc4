import { z } from 'zod';

/**
 * What a replay found: what is shown on a terminal and on the page. Its JSON Schema is docs/schemas/replay-report.schema.json.
 * Nights are calendar days (YYYY-MM-DD) on which they began.
 */
const list = <S extends z.ZodType>(schema: S) => z.array(schema).readonly();

/** An issue on the code host that this run opened, updated or closed for an alarm. */
const announcedSchema = z.strictObject({
  title: z.string(),
  what: z.enum(['opened', 'updated', 'closed']),
  url: z.string().nullable(),
});

/** A labelling pull request that this run made, or the branch alone where there is no code host. */
const labellingSchema = z.strictObject({
  night: z.string(),
  branch: z.string(),
  path: z.string(),
  clips: z.int(),
  url: z.string().nullable(),
});

const alarmSchema = z.strictObject({
  /** Nights: when it was raised, and when the change began as far as can be told. */
  raised: z.string(),
  started: z.string(),
  evidence: z.number(),
  ended: z.strictObject({ night: z.string(), why: z.enum(['quiet', 'another release']) }).nullable(),
  /** Which of the signal's statistics changed most, in which slice, from what to what. */
  statistic: z.int(),
  slice: z.string(),
  before: z.number(),
  since: z.number(),
  /** Nights from the first of its run to that on which the change began. */
  onset: z.int(),
});

/** One signal of one site through all nights. `recall` is what drift is claimed from; the others only show a shift. */
const signalSchema = z.strictObject({
  signal: z.enum(['event-rate', 'scores', 'disagreement', 'recall']),
  values: list(z.strictObject({ night: z.string(), value: z.number() })),
  state: z.enum(['gathering', 'watching', 'alarmed']),
  alarms: list(alarmSchema),
  nights: list(z.strictObject({ night: z.string(), evidence: z.number(), alarmed: z.boolean() })),
  /** The evidence that raises an alarm. */
  needed: z.number(),
});

const siteSchema = z.strictObject({
  site: z.string(),
  absent: z.string().nullable(),
  /** Of the random sample, weighted by how likely each clip was to be drawn; null before any is labelled. */
  recall: z.strictObject({ value: z.number().nullable(), events: z.int(), nights: z.int() }),
  signals: list(signalSchema),
});

export const replayReportSchema = z.strictObject({
  version: z.literal(2),
  model: z.string(),
  outcome: z.enum(['quiet', 'alarmed', 'nothing replayed']),
  headline: z.string(),
  falseAlarmRate: z.number(),
  referenceNights: z.int(),
  recallBound: z.number().nullable(),
  arrived: z.int(),
  nights: list(z.strictObject({ night: z.string(), clips: z.int(), setAside: z.int() })),
  setAside: list(z.strictObject({ night: z.string(), file: z.string(), why: z.string() })),
  replaced: list(z.string()),
  waiting: list(z.strictObject({ file: z.string(), why: z.string() })),
  sites: list(siteSchema),
  announced: list(announcedSchema),
  proposed: list(labellingSchema),
  /** Clips in merged labelling files that nobody has filled in. */
  unlabelled: z.int(),
  notes: list(z.string()),
});

export type ReplayReport = z.output<typeof replayReportSchema>;
export type SiteReport = z.output<typeof siteSchema>;
export type SignalReport = z.output<typeof signalSchema>;
export type Announced = z.output<typeof announcedSchema>;
export type ProposedLabelling = z.output<typeof labellingSchema>;

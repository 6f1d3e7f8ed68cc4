import { z } from 'zod';
import { digestSchema, type Release } from '#kernel';
import { day, instant, kindWithReleases, list, unchangedKind, type FactKind } from './fact-kind.ts';

/** What the ledger holds of replays: enough to judge every night again from it alone. Each is appended before it is used. */

const conditions = z.record(z.string(), z.string()).readonly();

const arrivedClipSchema = z.strictObject({
  file: z.string(),
  pin: digestSchema,
  bytes: z.number(),
  modifiedAt: instant,
  site: z.string(),
  capturedAt: instant,
  night: day,
  conditions,
});
export type ArrivedClip = z.output<typeof arrivedClipSchema>;

/** Clips that arrived since the last time, each pinned. */
const arrivalSchema = z.strictObject({
  kind: z.literal('arrival'),
  model: z.string(),
  place: z.string(),
  clips: list(arrivedClipSchema),
  at: instant,
});
export type ArrivalFact = z.output<typeof arrivalSchema>;

/** A file that has other bytes than those that arrived under its name. */
const replacedSchema = z.strictObject({
  kind: z.literal('replaced'),
  model: z.string(),
  file: z.string(),
  was: digestSchema,
  now: digestSchema,
});

const siteOfNightWith = (release: z.ZodType<Release>) =>
  z.strictObject({
    site: z.string(),
    chipset: z.string(),
    chipsetKey: digestSchema,
    variant: z.string(),
    release,
    candidate: release.nullable(),
    /** Clips that could be replayed, those drawn of them for a person to label, and with what probability each was. */
    clips: z.int(),
    sample: list(z.string()),
    probability: z.number(),
  });
export type SiteOfNight = z.output<ReturnType<typeof siteOfNightWith>>;

const detectionSchema = z.strictObject({
  label: z.string(),
  start: z.number(),
  end: z.number(),
  alarm: z.number(),
  peak: z.number(),
});

const clipOfNightSchema = z.strictObject({
  file: z.string(),
  site: z.string(),
  conditions,
  seconds: z.number(),
  detections: list(detectionSchema),
  top: z.number(),
  margin: z.number(),
  /** The label nearest to the threshold. */
  label: z.string().nullable(),
  disagreement: z.number().nullable(),
  /** Seconds: the frame on which the deployed model and the candidate differ most, of models that answer boxes. */
  differsAt: z.number().exactOptional(),
});
export type ClipOfNight = z.output<typeof clipOfNightSchema>;

/** One night of one arrival, replayed. */
const nightWith = (release: z.ZodType<Release>) =>
  z.strictObject({
    kind: z.literal('night'),
    model: z.string(),
    /** Record of the arrival. */
    arrival: digestSchema,
    night: day,
    /** Of the classes and the event rule. */
    question: digestSchema,
    sites: list(siteOfNightWith(release)),
    clips: list(clipOfNightSchema),
    setAside: list(z.strictObject({ file: z.string(), why: z.string() })),
  });
export type NightFact = z.output<ReturnType<typeof nightWith>>;

const labelledSample = {
  kind: z.literal('labelled'),
  model: z.string(),
  /** Record of the night. */
  of: digestSchema,
  night: day,
  site: z.string(),
  clips: list(z.strictObject({ file: z.string(), conditions, truth: z.int(), found: z.int(), probability: z.number() })),
  /** Drawn, but a person said that they cannot be labelled. */
  unusable: list(z.string()),
};

/** The random sample of one site and night, labelled whole. `at`: when that was taken in; null in records that did not say. */
const labelledSchema = z.strictObject({ ...labelledSample, at: instant.nullable() });
export type LabelledFact = z.output<typeof labelledSchema>;

const unstamped = z.strictObject(labelledSample).transform((fact): LabelledFact => ({ ...fact, at: null }));
const labelled: FactKind<LabelledFact> = { version: 3, schemas: { 1: unstamped, 2: unstamped, 3: labelledSchema } };

const alarmWith = <K extends 'shift' | 'drift'>(kind: K) =>
  z.strictObject({
    kind: z.literal(kind),
    model: z.string(),
    site: z.string(),
    signal: z.string(),
    state: z.enum(['raised', 'ended']),
    /** Nights. */
    raised: day,
    started: day,
    ended: day.nullable(),
    why: z.string().nullable(),
    statistic: z.string(),
    slice: z.string(),
    before: z.number(),
    since: z.number(),
    evidence: z.number(),
    needed: z.number(),
    falseAlarmRate: z.number(),
  });
const [shiftSchema, driftSchema] = [alarmWith('shift'), alarmWith('drift')];
export type AlarmFact = z.output<typeof shiftSchema> | z.output<typeof driftSchema>;

/** That the code host was told of what this record says. */
const toldSchema = z.strictObject({ kind: z.literal('told'), model: z.string(), of: digestSchema });

/** The clips of a night that a person is asked about. */
const harvestSchema = z.strictObject({
  kind: z.literal('harvest'),
  model: z.string(),
  /** Record of the night. */
  of: digestSchema,
  night: day,
  path: z.string(),
  branch: z.string(),
  commit: z.string(),
  clips: list(
    z.strictObject({
      file: z.string(),
      pin: digestSchema,
      site: z.string(),
      why: z.string(),
      probability: z.number().nullable(),
    }),
  ),
});
export type HarvestFact = z.output<typeof harvestSchema>;

export const replayKinds = {
  arrival: unchangedKind(arrivalSchema),
  replaced: unchangedKind(replacedSchema),
  night: kindWithReleases(nightWith),
  labelled,
  shift: unchangedKind(shiftSchema),
  drift: unchangedKind(driftSchema),
  told: unchangedKind(toldSchema),
  harvest: unchangedKind(harvestSchema),
};

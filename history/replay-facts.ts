import type { Digest } from '#kernel';
import type { Detection } from '#tasks';
import type { Release } from '#runners';
import type { Why } from '#eval';
import type { Entry, Fact } from '#ledger';
import { plainFact } from './plain-fact.ts';

/** What the ledger holds of replays: enough to judge every night again from it alone. Each is appended before it is used. */

/** Clips that arrived since the last time, each pinned. */
export type ArrivalFact = {
  kind: 'arrival';
  model: string;
  place: string;
  clips: readonly ArrivedClip[];
  at: string;
};

export type ArrivedClip = {
  file: string;
  pin: Digest;
  bytes: number;
  modifiedAt: string;
  site: string;
  capturedAt: string;
  night: string;
  conditions: Readonly<Record<string, string>>;
};

/** A file that has other bytes than those that arrived under its name. */
export type ReplacedFact = { kind: 'replaced'; model: string; file: string; was: Digest; now: Digest };

/** One night of one arrival, replayed. */
export type NightFact = {
  kind: 'night';
  model: string;
  /** Record id of the arrival. */
  arrival: Digest;
  night: string;
  /** Of the classes and the event rule. */
  question: Digest;
  sites: readonly SiteOfNight[];
  clips: readonly ClipOfNight[];
  setAside: readonly { file: string; why: string }[];
};

export type SiteOfNight = {
  site: string;
  chipset: string;
  chipsetKey: Digest;
  variant: string;
  release: Release;
  candidate: Release | null;
  /** Clips that could be replayed, those drawn of them for a person to label, and with what probability each was. */
  clips: number;
  sample: readonly string[];
  probability: number;
};

export type ClipOfNight = {
  file: string;
  site: string;
  conditions: Readonly<Record<string, string>>;
  seconds: number;
  detections: readonly Detection[];
  top: number;
  margin: number;
  /** The label nearest to the threshold. */
  label: string | null;
  disagreement: number | null;
};

/** The random sample of one site and night, labelled whole. */
export type LabelledFact = {
  kind: 'labelled';
  model: string;
  /** Record id of the night. */
  of: Digest;
  night: string;
  site: string;
  clips: readonly {
    file: string;
    conditions: Readonly<Record<string, string>>;
    truth: number;
    found: number;
    probability: number;
  }[];
  /** Drawn, but a person said that they cannot be labelled. */
  unusable: readonly string[];
};

export type AlarmFact = {
  kind: 'shift' | 'drift';
  model: string;
  site: string;
  signal: string;
  state: 'raised' | 'ended';
  /** Nights. */
  raised: string;
  started: string;
  ended: string | null;
  why: string | null;
  statistic: string;
  slice: string;
  before: number;
  since: number;
  evidence: number;
  needed: number;
  falseAlarmRate: number;
};

/** That the code host was told of what this record says. */
export type ToldFact = { kind: 'told'; model: string; of: Digest };

/** The clips of a night that a person is asked about. */
export type HarvestFact = {
  kind: 'harvest';
  model: string;
  /** Record id of the night. */
  of: Digest;
  night: string;
  path: string;
  branch: string;
  commit: string;
  clips: readonly { file: string; pin: Digest; site: string; why: Why; probability: number | null }[];
};

export type ReplayFact = ArrivalFact | ReplacedFact | NightFact | LabelledFact | AlarmFact | ToldFact | HarvestFact;

export const asReplayFact = (fact: ReplayFact): Fact => plainFact(fact);

/** The facts of one kind about one model, oldest first, with their record ids. */
export function replayFacts<K extends ReplayFact['kind']>(
  entries: readonly Entry[],
  model: string,
  kind: K,
): { id: Digest; fact: Extract<ReplayFact, { kind: K }> }[] {
  return entries.flatMap(({ record: { id, fact } }) =>
    fact.kind === kind && fact['model'] === model ? [{ id, fact: fact as unknown as Extract<ReplayFact, { kind: K }> }] : [],
  );
}

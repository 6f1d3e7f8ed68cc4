export type { AuditFact } from './audit-facts.ts';
export { lastAudit, type LastAudit } from './last-audit.ts';
export type { EvaluationFact, OutcomeFact, PredictionFact, ProposalFact, VerdictFact } from './check-facts.ts';
export type { DeploymentFact, HoldFact, MergeFact, RevertFact, WaiverFact } from './deploy-facts.ts';
export { type KnownState, KnownRollouts } from './known-rollouts.ts';
export { type AlarmLife, alarmLives } from './alarm-lives.ts';
export { type Clock, clockOf, type Durations, durationsOf, type WaitTotal, type WorstWait } from './clock.ts';
export { type FourKeys, fourKeysOf } from './four-keys.ts';
export type { IterationFact, StampedFact } from './iteration-facts.ts';
export { type OldRelease, oldReleasesOf, readOldProcess } from './old-process.ts';
export { type Owner, type Span, WAITS, type WaitName, type WorkName } from './spans.ts';
export { type IterationState, type IterationTimeline, timelinesOf } from './timeline.ts';
export type { ModelConfidence } from './confidence-of.ts';
export { readConfidences } from './read-confidences.ts';
export { benchGains, iterationsOf } from './iterations.ts';
export type { RealisedFact } from './realised-facts.ts';
export { contradicted } from './contradicted.ts';
export type { FactQuery, HistoryIndex, IndexMark } from './history-index.ts';
export { memoryIndex } from './memory-index.ts';
export { refreshIndex } from './refresh-index.ts';
export {
  type AnyFact,
  appendFacts,
  appendUnless,
  asWritten,
  entriesOf,
  factsAbout,
  type FactOf,
  factsOf,
  type Recorded,
} from './read-facts.ts';
export type {
  AlarmFact,
  ArrivalFact,
  ArrivedClip,
  ClipOfNight,
  HarvestFact,
  LabelledFact,
  NightFact,
  SiteOfNight,
} from './replay-facts.ts';
export type { RolloutFact, VerifiedFact } from './rollout-facts.ts';
export type { ShipmentFact, ShippedFact } from './shipment-facts.ts';
export { deploymentsInForce, type Hold, holdOn, holdReason, isUnfinished, isWhole, waiverOf } from './what-stands.ts';
export { rehearsedLedger } from './rehearsed-ledger.ts';
export { asideNote, mustSign, termsOf, trustedEntries, trustedLedger } from './trusted-ledger.ts';
export { behind, missingFrom, refuseBehind, type Witness } from './ledger-witness.ts';

export { asFact, type EvaluationFact, factsOf, type PredictionFact, type VerdictFact } from './check-facts.ts';
export type { DeploymentFact, HoldFact, MergeFact, RevertFact, WaiverFact } from './deploy-facts.ts';
export {
  type AlarmFact,
  type ArrivalFact,
  type ArrivedClip,
  asReplayFact,
  type ClipOfNight,
  type HarvestFact,
  type LabelledFact,
  type NightFact,
  replayFacts,
  type SiteOfNight,
} from './replay-facts.ts';
export { KnownRollouts, type RolloutFact, type Standing, type VerifiedFact } from './rollout-facts.ts';
export { type Hold, holdOn, holdReason, isUnfinished, isWhole, standingDeployments, waiverOf } from './what-stands.ts';

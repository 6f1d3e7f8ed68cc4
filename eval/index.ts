export { accuracyKey, parseChipsetKeys, sameKey, type ChipsetRegistry } from './chipset-registry.ts';
export type { Chipset, ChipsetKey } from './chipset.ts';
export type { Estimate, Gate, Interval, LatencyGate, LatencyMetric, Outcome, QualityGate, QualityMetric } from './gate.ts';
export type { ImageOnDisk, ModelRunner, Release, RunningModel, Servable, StartOptions } from './model-runner.ts';
export type { ClipTrial, Detection, SampleTrial, TrialKey, TrialStore } from './trial.ts';
export { detectEvents, type ScoredFrame } from './metrics/detect-events.ts';
export { matchEvents } from './metrics/match-events.ts';
export { rankScores } from './metrics/rank-scores.ts';

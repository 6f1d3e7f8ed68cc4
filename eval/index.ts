export { accuracyKey, parseChipsetKeys, sameKey, type ChipsetRegistry } from './chipset-registry.ts';
export type { Chipset, ChipsetKey } from './chipset.ts';
export type { Estimate, Gate, Interval, LatencyGate, LatencyMetric, Outcome, QualityGate, QualityMetric } from './gate.ts';
export type { ImageOnDisk, ModelRunner, Release, RunningModel, Servable, StartOptions } from './model-runner.ts';
export type { ClipTrial, Detection, SampleTrial, TrialKey, TrialStore } from './trial.ts';
export { detectEvents, type ScoredFrame } from './metrics/detect-events.ts';
export { matchEvents } from './metrics/match-events.ts';
export { rankScores } from './metrics/rank-scores.ts';
export { latencyRequests, pickPictures, type LatencyPictures } from './run/latency-requests.ts';
export {
  measureLatency,
  type LatencyArm,
  type LatencyArms,
  type LatencyPlan,
  type LatencyStarts,
} from './run/measure-latency.ts';
export { runClips } from './run/run-clips.ts';
export { runClip, scoreClip } from './run/run-clip.ts';
export { scoreFrames } from './run/score-frames.ts';
export { runSamples } from './run/run-samples.ts';
export { compareQuality, type QualityQuestion } from './compare.ts';
export { judgePredictions, type ConfidenceSummary, type HistoryRow } from './confidence.ts';
export { combine } from './decide.ts';
export type { Finding } from './finding.ts';
export { estimateRatio } from './latency/estimate-ratio.ts';
export { isPrecise } from './latency/is-precise.ts';
export { judgeBudget, type BudgetQuestion } from './latency/judge-budget.ts';
export { judgeLatency, type LatencyQuestion, type LatencyVerdict } from './latency/judge-latency.ts';
export { percentilesOf } from './latency/percentiles.ts';
export { PAIRS_PER_START, type Arm, type LatencyBlock } from './latency/plan-blocks.ts';
export { findWarmUp } from './latency/warm-up.ts';
export { metricVersion } from './metrics/metric.ts';
export { predictFieldGain } from './predict-field-gain.ts';
export { disagreement, marginOf, readSignals, topScore, type ClipSignals } from './replay/clip-signals.ts';
export { pickHard, type Why } from './replay/harvest.ts';
export { nightRecall, nightValues, SHIFT_SIGNALS, STATISTICS, type ShiftSignal } from './replay/night-values.ts';
export { drawSample, weightedRecall } from './replay/sampling.ts';
export { followApart, followTogether, type Alarm, type Course, type Step } from './sequential/follow.ts';
export { recallWatch, type NightRecall } from './sequential/recall-watch.ts';
export { shiftWatch, type NightValues } from './sequential/shift-watch.ts';
export { random } from './stats/rng.ts';

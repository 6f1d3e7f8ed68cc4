export type { AnswerStore, Served } from './answer-store.ts';
export { compareQuality } from './compare.ts';
export { sitesToCollect } from './confidence/collect-next.ts';
export { foretell } from './confidence/foretell.ts';
export { trackRecord } from './confidence/track-record.ts';
export type { FieldGain, FieldPlace, Iteration, MeasuredGain, ResearchGain } from './confidence/iteration.ts';
export { judgeConfidence } from './confidence/judge-confidence.ts';
export type {
  Belief,
  Brier,
  Confidence,
  DemoGap,
  FieldForecast,
  PlaceStanding,
  SetStanding,
  Share,
  TrackRecord,
} from './confidence/result.ts';
export { rateOf } from './rate.ts';
export { combine } from './decide.ts';
export type { Finding } from './finding.ts';
export type { Gate, LatencyGate, LatencyMetric, Estimate, Interval, Outcome, QualityGate } from './gate.ts';
export { estimateRatio } from './latency/estimate-ratio.ts';
export { isPrecise } from './latency/is-precise.ts';
export { runScenario } from './load/run-scenario.ts';
export type { Scenario } from './load/scenario.ts';
export { tellLoad, type ToldLoad } from './load/tell-load.ts';
export { measureAlone, type MeasuredAlone } from './judge-bound.ts';
export { judgeBudget } from './latency/judge-budget.ts';
export { judgeLatency } from './latency/judge-latency.ts';
export { fewestRequests, type Percentile, percentilesOf } from './latency/percentiles.ts';
export { type Arm, type LatencyBlock, PAIRS_PER_START } from './latency/plan-blocks.ts';
export { findWarmUp } from './latency/warm-up.ts';
export { marginFor, shareAtBest } from './plan/at-best.ts';
export { type EarlierGain, type Forecast, forecastGain } from './plan/forecast.ts';
export { forecastTime, type PlannedStep, type TimedCheck, type TimedStep, type TimeForecast } from './plan/forecast-time.ts';
export { type ClipSignals, disagreement, marginOf, readSignals, topScore } from './replay/clip-signals.ts';
export { pickHardInOrder, type Why } from './replay/harvest.ts';
export { nightRecall, nightValues, SHIFT_SIGNALS, type ShiftSignal, STATISTICS } from './replay/night-values.ts';
export { realisedGain, type ShownToBoth } from './replay/realised-gain.ts';
export { drawSample, weightedRecall } from './replay/sampling.ts';
export { type LatencyPictures, latencyRequests, pickPictures } from './run/latency-requests.ts';
export { type LatencyStarts, measureLatency, type Told } from './run/measure-latency.ts';
export { readClip } from './run/ask-clip.ts';
export { askDataset } from './run/ask-dataset.ts';
export { type FrameScores, scoreFrames } from './run/score-frames.ts';
export { type Alarm, type Course, followApart, followTogether, type Step } from './sequential/follow.ts';
export { type NightRecall, recallWatch } from './sequential/recall-watch.ts';
export { atLastLook, isWatched, lookEarly } from './sequential/stop-early.ts';
export { type NightValues, shiftWatch } from './sequential/shift-watch.ts';
export { clusterPercentiles } from './stats/cluster-percentile.ts';
export { distanceToFail } from './stats/level.ts';
export { quantile } from './stats/quantile.ts';
export { random, shuffled } from './stats/rng.ts';
export { standardErrorOf } from './stats/standard-error.ts';
export { servedVariant, type Subject, type TrialKey, trialKey } from './subject.ts';
export { formatAmount } from './wording.ts';

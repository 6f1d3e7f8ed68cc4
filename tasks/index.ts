export { rankScores } from './classification/rank-scores.ts';
export { top1, top5 } from './classification/top-k.ts';
export { detectEvents, type ScoredFrame } from './events/detect-events.ts';
export { eventRecall } from './events/event-recall.ts';
export { falseAlarmsPerHour } from './events/false-alarms.ts';
export { matchEvents } from './events/match-events.ts';
export { timeToDetect } from './events/time-to-detect.ts';
export { type Metric, metricVersion, type PairedTotals } from './metric.ts';
export type { ClipTrial, Detection, SampleTrial, TrialKey, TrialStore } from './trial.ts';

export type { Exhibit } from './exhibit.ts';
export type { Detection } from './events/answer.ts';
export { detectEvents } from './events/detect-events.ts';
export { matchEvents } from './events/match-events.ts';
export type { Metric, PairedTotals, PooledMetric, Prepared, RatioMetric, Unit } from './metric.ts';
export { ALL_TASKS, metricOn, METRICS, taskOf } from './registry.ts';
export type { Answer, Asked, ItemOf, OfClips, OfPictures, Reading, Task, Trial } from './task.ts';
export { scoreAnswers, type ScoredAnswers } from './score-answers.ts';
export { events } from './events/events.ts';

export { type AskedClasses, classMapping, mapClasses, type ClassMapping } from './class-mapping.ts';
export type { DrawnBox, Exhibit } from './exhibit.ts';
export type { Detection } from './events/answer.ts';
export { detectEvents } from './events/detect-events.ts';
export { matchEvents } from './events/match-events.ts';
export type { Metric, PairedTotals, PooledMetric, Prepared, RatioMetric, Ties, Unit } from './metric.ts';
export { ALL_TASKS, metricOn, METRICS, taskOf } from './registry.ts';
export type {
  Answer,
  Answered,
  Asked,
  Disagreement,
  ItemOf,
  OfClips,
  OfPictures,
  Reading,
  Sighting,
  Task,
  Trial,
  TrialsOfClass,
} from './task.ts';
export { scoreAnswers, type ScoredAnswers } from './score-answers.ts';
export { events } from './events/events.ts';

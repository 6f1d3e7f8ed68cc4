import type { ClipDataset } from '#datasets';
import type { ClipTask } from '../task.ts';
import { eventsByLabel } from './by-label.ts';
import { detectionsFault, detectionsSchema, readFrames, type Detections } from './answer.ts';
import { detectEvents } from './detect-events.ts';
import { eventRecall } from './event-recall.ts';
import { eventExhibits, eventMisses } from './exhibits.ts';
import { falseAlarmsPerHour } from './false-alarms.ts';
import { compareSightings, sightings } from './sightings.ts';
import { timeToDetect } from './time-to-detect.ts';
import { recallsAtRate } from './recall-at-rate.ts';
import { scoreDetections, type EventTrial } from './trial.ts';

/** What happens in the clip, and when? */
export const events: ClipTask<ClipDataset, Detections, EventTrial> = {
  name: 'events',
  medium: 'clips',
  version: 2,
  answer: detectionsSchema,
  metrics: [eventRecall, falseAlarmsPerHour, timeToDetect, ...recallsAtRate],
  read: readFrames,
  conclude: (readings, { id }, { rule }, threshold) => ({ id, detections: detectEvents(readings, rule, threshold) }),
  sightings,
  compare: compareSightings,
  fault: detectionsFault,
  score: (answered) => answered.map(({ answer, ...asked }) => scoreDetections(answer, asked)),
  notes: () => [],
  misses: eventMisses,
  byClass: eventsByLabel,
  exhibits: eventExhibits,
};

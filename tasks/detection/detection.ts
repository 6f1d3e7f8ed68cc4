import type { DetectionDataset } from '#datasets';
import type { Metric } from '../metric.ts';
import type { PictureTask } from '../task.ts';
import { boxesFault, boxesSchema, decodeBoxes, type Boxes } from './answer.ts';
import { boxesByClass } from './by-class.ts';
import { detectionDisagreements, detectionExhibits, detectionMisses } from './exhibits.ts';
import { averagePrecision, averagePrecisions } from './metrics/average-precision.ts';
import { averageRecalls } from './metrics/average-recall.ts';
import { falsePositivesPerImage } from './metrics/false-positives.ts';
import { precisionAtThreshold } from './metrics/precision.ts';
import { recallAtThreshold } from './metrics/recall.ts';
import { recallsAtFalsePositives } from './metrics/recall-at-false-positives.ts';
import { voc2007AveragePrecision, vocAveragePrecision } from './metrics/voc.ts';
import { higherOrderTrackingAccuracy } from './tracks/hota.ts';
import { identityF1 } from './tracks/identity.ts';
import { detectionNotes } from './notes.ts';
import { scoreBoxes, type DetectionTrial } from './trial.ts';

const metrics: readonly [Metric<DetectionTrial>, ...Metric<DetectionTrial>[]] = [
  averagePrecision,
  ...averagePrecisions,
  ...averageRecalls,
  vocAveragePrecision,
  voc2007AveragePrecision,
  precisionAtThreshold,
  recallAtThreshold,
  falsePositivesPerImage,
  ...recallsAtFalsePositives,
  higherOrderTrackingAccuracy,
  identityF1,
];

/** What lies where in the picture? */
export const detection: PictureTask<DetectionDataset, Boxes, DetectionTrial> = {
  name: 'detection',
  medium: 'pictures',
  version: 2,
  thresholded: true,
  answer: boxesSchema,
  metrics,
  decode: (response, samples, _dataset, classes, threshold) => decodeBoxes(response, samples, classes, threshold),
  sequenceOf: ({ truth }: DetectionDataset['samples'][number]) => truth.sequence ?? null,
  fault: (boxes, { dataset }) => boxesFault(boxes, dataset),
  score: (answered) => answered.map((one) => scoreBoxes(one)),
  notes: detectionNotes,
  misses: detectionMisses,
  byClass: boxesByClass,
  exhibits: detectionExhibits,
  disagreements: detectionDisagreements,
};

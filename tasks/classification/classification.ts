import type { ClassificationDataset } from '#datasets';
import type { PictureTask } from '../task.ts';
import { decodeRankings, rankingFault, rankingSchema, type Ranking } from './answer.ts';
import { auroc } from './auroc.ts';
import { rankingsByClass } from './by-class.ts';
import { brier } from './brier.ts';
import { calibrationError } from './calibration-error.ts';
import { rankingExhibits, rankingMisses } from './exhibits.ts';
import { top1, top5 } from './top-k.ts';
import { tieNotes } from './ties.ts';
import { scoreRankings, type RankedTrial } from './trial.ts';

/** Which class does the picture show? */
export const classification: PictureTask<ClassificationDataset, Ranking, RankedTrial> = {
  name: 'classification',
  medium: 'pictures',
  version: 3,
  answer: rankingSchema,
  metrics: [top1, top5, auroc, brier, calibrationError],
  decode: decodeRankings,
  fault: (ranking, { dataset }) => rankingFault(ranking, dataset),
  score: scoreRankings,
  notes: tieNotes,
  misses: rankingMisses,
  byClass: rankingsByClass,
  exhibits: rankingExhibits,
};

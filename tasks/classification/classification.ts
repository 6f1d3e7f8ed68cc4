import type { ClassificationDataset } from '#datasets';
import type { PictureTask } from '../task.ts';
import { decodeRankings, rankingFault, rankingSchema, type Ranking } from './answer.ts';
import { auroc } from './auroc.ts';
import { rankingExhibits, rankingMisses } from './exhibits.ts';
import { top1, top5 } from './top-k.ts';
import { scoreRanking, tieNotes, type RankedTrial } from './trial.ts';

/** Which class does the picture show? */
export const classification: PictureTask<ClassificationDataset, Ranking, RankedTrial> = {
  name: 'classification',
  medium: 'pictures',
  version: 2,
  answer: rankingSchema,
  metrics: [top1, top5, auroc],
  decode: decodeRankings,
  fault: (ranking, { dataset }) => rankingFault(ranking, dataset),
  score: (answered) => answered.map(({ answer, ...asked }) => scoreRanking(answer, asked)),
  notes: tieNotes,
  misses: rankingMisses,
  exhibits: rankingExhibits,
};

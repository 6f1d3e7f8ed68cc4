import type { VerificationDataset } from '#datasets';
import { decodeEmbedded, embeddedFault, embeddedSchema, type Embedded } from '../embedded.ts';
import type { PictureTask } from '../task.ts';
import { accuracy } from './accuracy.ts';
import { pairExhibits, pairMisses } from './exhibits.ts';
import { failureToEnrol } from './failure-to-enrol.ts';
import { pairNotes } from './notes.ts';
import { pairAuroc } from './pair-auroc.ts';
import { tarAtFar } from './tar-at-far.ts';
import { scorePairs, type PairTrial } from './trial.ts';

/** Do two pictures show the same one? */
export const verification: PictureTask<VerificationDataset, Embedded, PairTrial> = {
  name: 'verification',
  medium: 'pictures',
  version: 1,
  answer: embeddedSchema,
  metrics: [pairAuroc, accuracy, ...tarAtFar, failureToEnrol],
  decode: decodeEmbedded,
  fault: embeddedFault,
  score: scorePairs,
  notes: pairNotes,
  misses: pairMisses,
  exhibits: pairExhibits,
};

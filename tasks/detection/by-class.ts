import type { DetectionDataset } from '#datasets';
import type { TrialsOfClass } from '../task.ts';
import { isAsked } from './match-class.ts';
import { ANY_SIZE } from './coco.ts';
import { matchPicture } from './match-picture.ts';
import type { DetectionTrial } from './trial.ts';

/** All pictures, with the true boxes and the answered ones of one class: also those without it, in which it may be seen wrongly. */
export function boxesByClass(
  trials: readonly DetectionTrial[],
  { classes }: Pick<DetectionDataset, 'classes'>,
): TrialsOfClass<DetectionTrial>[] {
  return classes.flatMap((value, named) => {
    const isTrue = trials.some(({ truth }) => truth.some((one) => one.class === named && isAsked(one, ANY_SIZE)));
    return isTrue ? [{ value, trials: trials.map((trial) => ofClass(trial, named)) }] : [];
  });
}

function ofClass({ tracks, ...trial }: DetectionTrial, named: number): DetectionTrial {
  const truth = trial.truth.filter((one) => one.class === named);
  const places = [...trial.boxes.keys()].filter((at) => trial.boxes[at]?.[5] === named);
  const boxes = places.flatMap((at) => trial.boxes.slice(at, at + 1));
  const followed = tracks === undefined ? {} : { tracks: places.map((at) => tracks[at] ?? null) };
  return { ...trial, truth, boxes, matches: matchPicture(truth, boxes), ...followed };
}

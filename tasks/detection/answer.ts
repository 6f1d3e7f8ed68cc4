import { z } from 'zod';
import { CouldNotRun, detectionsOf, type DetectedBox, type InferResponse } from '#kernel';
import type { DetectionDataset, Sample } from '#datasets';
import type { ClassMapping } from '../class-mapping.ts';
import type { BoxRow } from './match-picture.ts';

/** Of one picture. COCO looks at a hundred of a class; a model that gives more than this in all has no threshold, or no suppression. */
export const MOST_BOXES = 1000;

/** Pixels from the corner of a picture: no picture that is decoded is so large. */
const FARTHEST = 1e7;

const corner = z.number().min(-FARTHEST).max(FARTHEST);

export const boxesSchema = z.strictObject({
  /** A path below the dataset's root; here a name that must be known, never opened. */
  id: z.string().min(1).max(4096),
  /** At or above it a box counts as found; null where the model names none. */
  threshold: z.number().nullable(),
  /** Corners in pixels of the upright picture, score, and index into the dataset's classes; in the order of the answer. */
  boxes: z
    .array(z.tuple([corner, corner, corner, corner, z.number(), z.int().nonnegative()]).readonly())
    .max(MOST_BOXES)
    .readonly(),
});

/** What a detector says lies where in a picture. */
export type Boxes = z.output<typeof boxesSchema>;

/** @throws CouldNotRun when the response holds no boxes of these pictures, or more than can be read */
export function decodeBoxes(
  response: InferResponse,
  samples: readonly Sample[],
  { toDataset }: Pick<ClassMapping, 'toDataset'>,
  threshold: number | null,
): Boxes[] {
  const found = detectionsOf(response, samples.length, toDataset.length);
  return samples.map(({ id }, at) => {
    const boxes = (found[at] ?? []).flatMap((box) => rowOf(box, toDataset));
    if (boxes.length > MOST_BOXES) throw tooMany(response, id, boxes.length);
    return { id, threshold, boxes };
  });
}

/** Nothing for a class that the dataset does not ask about. */
function rowOf(box: DetectedBox, toDataset: ClassMapping['toDataset']): BoxRow[] {
  const named = toDataset[box.class] ?? null;
  return named === null ? [] : [[box.x1, box.y1, box.x2, box.y2, box.score, named]];
}

/** Classes that there are, and boxes that end behind where they begin. */
export function boxesFault({ boxes }: Boxes, { classes }: Pick<DetectionDataset, 'classes'>): string | null {
  const isPossible = ([x1, y1, x2, y2, , named]: BoxRow) => x1 <= x2 && y1 <= y2 && named < classes.length;
  return boxes.every((row) => isPossible(row)) ? null : 'is answered with a box that cannot be in it';
}

function tooMany({ modelName }: InferResponse, id: string, count: number): CouldNotRun {
  return new CouldNotRun({
    file: `model ${modelName}`,
    message: `it finds ${count} boxes in ${id}, and at most ${MOST_BOXES} are read of a picture`,
    remedy: 'let it keep fewer, or only those of a higher score, and see whether it suppresses boxes of the same thing',
  });
}

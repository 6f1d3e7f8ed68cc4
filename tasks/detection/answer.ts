import { z } from 'zod';
import { CouldNotRun, detectionsOf, TENSORS, type DetectedBox, type InferResponse } from '#kernel';
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
  /** Of each box the thing that it is over the pictures of a sequence, or null; left out by a model that follows nothing. */
  tracks: z.array(z.int().nonnegative().nullable()).max(MOST_BOXES).readonly().optional(),
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
  const follows = response.outputs.some(({ name }) => name === TENSORS.tracks);
  return samples.map(({ id }, at) => {
    const known = (found[at] ?? []).filter((box) => (toDataset[box.class] ?? null) !== null);
    const boxes = known.flatMap((box) => rowOf(box, toDataset));
    if (boxes.length > MOST_BOXES) throw tooMany(response, id, boxes.length);
    return { id, threshold, boxes, ...(follows && { tracks: known.map(({ track = null }) => track) }) };
  });
}

/** Nothing for a class that the dataset does not ask about. */
function rowOf(box: DetectedBox, toDataset: ClassMapping['toDataset']): BoxRow[] {
  const named = toDataset[box.class] ?? null;
  return named === null ? [] : [[box.x1, box.y1, box.x2, box.y2, box.score, named]];
}

/** Classes that there are, boxes that end behind where they begin, and a track of each, none twice. */
export function boxesFault({ boxes, tracks }: Boxes, { classes }: Pick<DetectionDataset, 'classes'>): string | null {
  const followed = tracks?.filter((track) => track !== null) ?? [];
  if (tracks !== undefined && tracks.length !== boxes.length) return 'is answered with tracks that are not of its boxes';
  if (new Set(followed).size < followed.length) return 'is answered with one track in two places';
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

import { frameScores } from '#kernel';
import type { Frame } from '#datasets';
import type { RunningModel } from '#runners';
import { mapClasses, type AskedClasses, type ClassMapping } from '#tasks';
import { inputFor } from './input-for.ts';
import { framesRequest } from './ask-clip.ts';

/** A clip by its id; its frames in order; whose classes are asked for. */
export type FramesToScore = { clip: string; frames: readonly Frame[]; dataset: AskedClasses };

/** One row for each frame, a score for each class of the model; and which of the dataset's each of them is. */
export type FrameScores = { rows: readonly Float32Array[] } & Pick<ClassMapping, 'toDataset'>;

/**
 * The scores of every frame, each asked for by itself: as a replay at a site asks, where another batch could give other
 * last digits.
 * @throws CouldNotRun when an answer is wrong
 */
export async function scoreFrames(model: RunningModel, { clip, frames, dataset }: FramesToScore): Promise<FrameScores> {
  const input = inputFor('frames', model.metadata);
  const { toDataset } = mapClasses(model.metadata.labels ?? null, dataset, model.metadata.name);
  const rows: Float32Array[] = [];
  for (const [index, frame] of frames.entries()) {
    const sequence = {
      sequence_id: clip,
      sequence_start: index === 0,
      sequence_end: index === frames.length - 1,
      timestamp: frame.timestamp,
    };
    const [row] = frameScores(await model.infer(framesRequest(input, [frame], sequence)), 1, toDataset.length);
    rows.push(row ?? new Float32Array());
  }
  return { rows, toDataset };
}

import { classScores } from '#kernel';
import type { Frame } from '#datasets';
import type { RunningModel } from '#runners';
import { inputFor } from './input-for.ts';
import { framesRequest } from './ask-clip.ts';

/** A clip by its id; its frames in order; how many classes the model scores. */
export type FramesToScore = { clip: string; frames: readonly Frame[]; classes: number };

/**
 * The scores of every frame, each asked for by itself: as a replay at a site asks, where another batch could give other
 * last digits.
 * @returns one row for each frame
 * @throws CouldNotRun when an answer is wrong
 */
export async function scoreFrames(model: RunningModel, { clip, frames, classes }: FramesToScore): Promise<Float32Array[]> {
  const input = inputFor('frames', model.metadata);
  const rows: Float32Array[] = [];
  for (const [index, frame] of frames.entries()) {
    const sequence = {
      sequence_id: clip,
      sequence_start: index === 0,
      sequence_end: index === frames.length - 1,
      timestamp: frame.timestamp,
    };
    const [row] = classScores(await model.infer(framesRequest(input, [frame], sequence)), 1, classes);
    rows.push(row ?? new Float32Array());
  }
  return rows;
}

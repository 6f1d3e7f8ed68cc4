import { CouldNotRun, type InferRequest, type Parameters } from '#kernel';
import type { Clip, ClipDataset, Frame, OpenDataset } from '#datasets';
import type { Answer, ClassMapping, OfClips, Reading } from '#tasks';
import type { RunningModel } from '#runners';
import { inputFor } from './input-for.ts';

export type ClipRun = {
  task: Pick<OfClips<ClipDataset, Answer>, 'read'>;
  dataset: Pick<ClipDataset, 'classes' | 'rule'>;
  classes: ClassMapping;
  /** Instead of the model's own; null leaves it that. */
  threshold: number | null;
  /** Frames per request, at most. */
  batch?: number;
};

const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

/**
 * The readings of a clip's frames, and the threshold at which one counts. Requests of a clip follow one another, for a model may
 * remember; meanwhile the next frames are decoded.
 * @throws CouldNotRun when an answer is wrong, or the threshold is nowhere to be found
 */
export async function readClip(
  model: RunningModel,
  open: Pick<OpenDataset, 'frames'>,
  clip: Clip,
  run: ClipRun,
): Promise<{ readings: readonly Reading[]; threshold: number }> {
  const { task, dataset, classes, batch = 8 } = run;
  const input = inputFor('frames', model.metadata);
  const threshold = thresholdFor(model, run.threshold);
  const readings: Reading[] = [];
  let answering: Promise<void> = Promise.resolve();
  let first = true;
  const ask = async (frames: readonly Frame[], isLast: boolean) => {
    const sequence: Parameters = {
      sequence_id: clip.id,
      sequence_start: first,
      sequence_end: isLast,
      timestamp: frames[0]?.timestamp ?? 0,
    };
    first = false;
    const shown = { site: clip.site, frames };
    readings.push(...task.read(await model.infer(framesRequest(input, frames, sequence)), shown, dataset, classes));
  };
  for await (const { item: frames, isLast } of markLast(groupFrames(open.frames(clip, dataset.rule.framesPerSecond), batch))) {
    await answering;
    answering = ask(frames, isLast);
    answering.catch(() => {}); // reported when it is awaited, and not before
  }
  await answering;
  if (readings.length === 0) throw noFrames(clip);
  return { readings, threshold };
}

/** Frames of one size as one tensor. */
export function framesRequest(input: string, frames: readonly Frame[], parameters: Parameters): InferRequest {
  const { width = 0, height = 0 } = frames[0] ?? {};
  const size = width * height * 3;
  const [only] = frames;
  const data = frames.length === 1 && only !== undefined ? only.pixels : new Uint8Array(size * frames.length);
  if (data !== only?.pixels) for (const [index, { pixels }] of frames.entries()) data.set(pixels, index * size);
  return { inputs: [{ name: input, datatype: 'UINT8', shape: [frames.length, height, width, 3], data }], parameters };
}

function thresholdFor({ metadata }: RunningModel, given: number | null): number {
  const threshold = given ?? metadata.threshold;
  if (threshold !== undefined) return threshold;
  throw new CouldNotRun({
    file: `model ${metadata.name}`,
    message: 'it names no threshold at which a score becomes an event',
    remedy: 'give one: threshold in model.yaml, or parameters.threshold in what the server answers to GET v2/models/NAME',
  });
}

function noFrames({ id }: Clip): CouldNotRun {
  return new CouldNotRun({
    file: id,
    message: 'not one frame came of it',
    remedy: 'replace the clip, or take it out of the manifest',
  });
}

async function* groupFrames(frames: AsyncIterable<Frame>, batch: number): AsyncGenerator<readonly Frame[]> {
  let group: Frame[] = [];
  for await (const frame of frames) {
    const [head] = group;
    const most = Math.min(batch, Math.floor(MAX_REQUEST_BYTES / frame.pixels.byteLength));
    const fits = head === undefined || (head.width === frame.width && head.height === frame.height && group.length < most);
    if (!fits) {
      yield group;
      group = [];
    }
    group.push(frame);
  }
  if (group.length > 0) yield group;
}

async function* markLast<T>(items: AsyncIterable<T>): AsyncGenerator<{ item: T; isLast: boolean }> {
  let held: { item: T } | undefined;
  for await (const item of items) {
    if (held !== undefined) yield { item: held.item, isLast: false };
    held = { item };
  }
  if (held !== undefined) yield { item: held.item, isLast: true };
}

import type { Message } from '#graphs';
import { encodeMessage, Numbering } from '#graphs';
import type { Cameras, CameraFrame, Observed } from '../graph-runner.ts';
import type { FramedConnection } from './framed-connection.ts';

/** Frames that a camera holds for a place that does not take them: then they are gone. */
const HELD_FRAMES = 4;
/** Decoded ahead, so that a decoder which is late once does not make the camera late. */
const AHEAD = 12;

type Recording = Observed['recordings'][number];

/**
 * Plays all cameras to a place, each frame at its time, whether or not anybody is ready.
 * @param connections one for each stage that reads cameras
 */
export async function playCameras(
  cameras: Cameras,
  connections: readonly FramedConnection[],
  { now, signal }: { now: () => number; signal?: AbortSignal | undefined },
): Promise<Recording[]> {
  const recordings: Recording[] = [];
  const numbering = new Numbering();
  const playOne = async (recording: Cameras[number][number]) => {
    const began = now();
    const played = { camera: recording.name, began, frames: 0, refused: [] as number[] };
    recordings.push(played);
    for await (const frame of ahead(recording.frames(), AHEAD)) {
      if (signal?.aborted === true) return;
      await until(began + frame.after, now);
      played.frames += 1;
      if (!hand(frame, { camera: recording.name, began }, connections, numbering)) played.refused.push(began + frame.after);
    }
    await until(began + recording.seconds * 1000, now);
  };
  await Promise.all(
    cameras.map(async (playlist, index) => {
      // Cameras are not in step with each other.
      await until(now() + (index * 1000) / (cameras.length * 5), now);
      for (const recording of playlist) await playOne(recording);
    }),
  );
  return recordings;
}

function hand(
  { after, width, height, pixels }: CameraFrame,
  { camera, began }: { camera: string; began: number },
  connections: readonly FramedConnection[],
  numbering: Numbering,
): boolean {
  if (connections.some(({ pending }) => pending > HELD_FRAMES * pixels.byteLength)) return false;
  const message: Message = {
    contract: 1,
    kind: 'frame',
    camera,
    sequence: numbering.next(camera),
    capturedAt: began + after,
    stamps: [],
    promised: false,
    about: { width, height, encoding: 'rgb24' },
    body: pixels,
  };
  const bytes = encodeMessage(message);
  for (const connection of connections) connection.write(bytes);
  return true;
}

async function until(moment: number, now: () => number): Promise<void> {
  const left = moment - now();
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}

/** The same items, some of which are fetched before they are asked for. */
async function* ahead<T>(items: AsyncIterable<T>, most: number): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  const coming: Promise<IteratorResult<T, unknown>>[] = [];
  const fetch = () => {
    const next =
      coming.length === 0 ? iterator.next() : (coming.at(-1) ?? Promise.resolve()).then(async () => await iterator.next());
    next.catch(() => {});
    coming.push(next);
  };
  while (coming.length < most) fetch();
  try {
    for (let next = await coming.shift(); next !== undefined && next.done !== true; next = await coming.shift()) {
      fetch();
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

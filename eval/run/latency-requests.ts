import type { InferRequest, ModelMetadata } from '#kernel';
import type { Frame, OpenDataset, Sample } from '#datasets';
import { inputFor } from './input-for.ts';
import { framesRequest } from './ask-clip.ts';
import { imageRequest } from './ask-pictures.ts';

/** Pictures to measure latency with: encoded images, or frames of clips. */
export type LatencyPictures = { kind: 'image'; pictures: readonly Uint8Array[] } | { kind: 'frames'; frames: readonly Frame[] };

/** Takes so many pictures, evenly spread over the dataset: for clips, the first frame of each. */
export async function pickPictures(open: OpenDataset, count: number): Promise<LatencyPictures> {
  const { dataset } = open;
  if (dataset.medium === 'pictures') {
    return {
      kind: 'image',
      pictures: await Promise.all(spread<Sample>(dataset.samples, count).map(async (sample) => await open.read(sample))),
    };
  }
  const frames: Frame[] = [];
  for (const clip of spread(dataset.clips, count)) {
    for await (const frame of open.frames(clip, dataset.rule.framesPerSecond)) {
      frames.push(frame);
      break;
    }
  }
  return { kind: 'frames', frames };
}

/** One request for each picture, in the model's own terms. @throws CouldNotRun when it takes no such input */
export function latencyRequests(metadata: ModelMetadata, given: LatencyPictures): InferRequest[] {
  if (given.kind === 'image') return given.pictures.map((picture) => imageRequest(metadata, [picture]));
  const input = inputFor(given.kind, metadata);
  return given.frames.map((frame, index) =>
    framesRequest(input, [frame], { sequence_id: `latency-${index}`, sequence_start: true, sequence_end: true, timestamp: 0 }),
  );
}

function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)] as T);
}

import type { ClipDataset, OpenDataset } from '#datasets';
import { CouldNotRun } from '#kernel';
import type { Cameras, CameraFrame } from '#places';

/** Faster than any camera: then every frame of a clip comes. */
const EVERY_FRAME = 1000;

export type Footage = { open: OpenDataset; dataset: ClipDataset; secondsOf: ReadonlyMap<string, number> };

/** @throws CouldNotRun when a dataset holds pictures, which nothing happens in */
export async function openFootage(open: OpenDataset, graph: string): Promise<Footage> {
  const { dataset } = open;
  if (dataset.medium !== 'clips') {
    throw new CouldNotRun({
      file: 'fieldproof.yaml',
      field: `graphs.${graph}.footage`,
      message: `${dataset.name} holds pictures, and a graph is measured on clips with events`,
      remedy: 'name a dataset of kind: replay',
    });
  }
  if (dataset.rule.zones !== undefined) {
    throw new CouldNotRun({
      file: dataset.name,
      field: 'rule.zones',
      message: 'a graph does not know zones yet, and would raise alarms outside them',
      remedy: 'give the graph a footage whose rule has none',
    });
  }
  const secondsOf = new Map<string, number>();
  for (const clip of dataset.clips) secondsOf.set(clip.id, await open.seconds(clip));
  return { open, dataset, secondsOf };
}

/** The clips on so many cameras, each playing its share one after another; the longest first, so that all end at about the same time. */
export function camerasOf({ open, dataset, secondsOf }: Footage, count: number): Cameras {
  const playlists = Array.from({ length: Math.min(count, dataset.clips.length) }, () => ({
    seconds: 0,
    clips: [] as (typeof dataset.clips)[number][],
  }));
  const length = (id: string) => secondsOf.get(id) ?? 0;
  for (const clip of dataset.clips.toSorted((a, b) => length(b.id) - length(a.id))) {
    const shortest = playlists.reduce((least, one) => (one.seconds < least.seconds ? one : least));
    shortest.clips.push(clip);
    shortest.seconds += length(clip.id);
  }
  return playlists.map(({ clips }) =>
    clips.map((clip) => ({ name: clip.id, seconds: length(clip.id), frames: () => framesOf(open, clip) })),
  );
}

/** So many cameras for so long: clips again and again where there are too few, each time as a camera of its own. */
export function crowdOf({ open, dataset, secondsOf }: Footage, count: number, seconds: number): Cameras {
  return Array.from({ length: count }, (_, camera) => {
    const playlist: Cameras[number][number][] = [];
    let played = 0;
    for (let turn = 0; played < seconds; turn += 1) {
      const clip = dataset.clips[(camera + turn) % dataset.clips.length];
      if (clip === undefined) break;
      const length = Math.min(secondsOf.get(clip.id) ?? 0, seconds - played);
      playlist.push({
        name: `${camera} ${turn} ${clip.id}`,
        seconds: length,
        frames: () => until(framesOf(open, clip), length * 1000),
      });
      played += Math.max(length, 0.1);
    }
    return playlist;
  });
}

async function* framesOf(open: OpenDataset, clip: ClipDataset['clips'][number]): AsyncGenerator<CameraFrame> {
  for await (const { timestamp, width, height, pixels } of open.frames(clip, EVERY_FRAME))
    yield { after: timestamp * 1000, width, height, pixels };
}

async function* until(frames: AsyncIterable<CameraFrame>, end: number): AsyncGenerator<CameraFrame> {
  for await (const frame of frames) {
    if (frame.after >= end) return;
    yield frame;
  }
}

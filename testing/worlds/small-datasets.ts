import { digestOf } from '#kernel';
import type { ClassificationDataset, Clip, ClipDataset, OpenDataset, Sample } from '#datasets';

/** Datasets whose pictures say what they are: the first byte is the true class, the second the item's number. */

export const ITEMS = 60;
const CLASSES = ['nobody', 'person', 'parcel'] as const;

const samples: readonly Sample<number>[] = Array.from({ length: ITEMS }, (_, index) => ({
  id: `${index}.png`,
  pin: digestOf(`picture ${index}`),
  truth: index % CLASSES.length,
  slices: { light: index % 2 === 0 ? 'day' : 'night' },
}));

/** One person from the first second to the third. */
const clips: readonly Clip[] = Array.from({ length: ITEMS }, (_, index) => ({
  id: `${index}.mp4`,
  media: { kind: 'video', pin: digestOf(`clip ${index}`) },
  site: index % 2 === 0 ? 'lobby' : 'garden',
  conditions: {},
  events: [{ label: 'person', start: 1, end: 3 }],
}));

export const bench: ClassificationDataset = {
  round: 'research',
  medium: 'pictures',
  task: 'classification',
  name: 'bench',
  digest: digestOf('bench'),
  classes: CLASSES,
  samples,
};

export const street: ClipDataset = {
  round: 'replay',
  medium: 'clips',
  task: 'events',
  name: 'street',
  digest: digestOf('street'),
  classes: CLASSES,
  clips,
  rule: { labels: { person: [1] }, framesPerSecond: 1, persistence: 1, mergeGap: 0.5, tolerance: 0 },
  cluster: 'clip',
};

export const CLIP_SECONDS = 5;

/** A dataset with its pixels: one pixel a second, for there is nothing to see but what is true. */
export function openSmall(dataset: ClassificationDataset | ClipDataset): OpenDataset {
  return {
    dataset,
    read: async ({ id, truth }) => Uint8Array.of(Number(truth), Number.parseInt(id, 10)),
    async *frames({ id, events }) {
      for (let timestamp = 0; timestamp < CLIP_SECONDS; timestamp += 1) {
        const truth = events.some(({ start, end }) => start <= timestamp && timestamp < end) ? 1 : 0;
        yield await Promise.resolve({
          timestamp,
          width: 1,
          height: 1,
          pixels: Uint8Array.of(truth, Number.parseInt(id, 10), 0),
        });
      }
    },
    seconds: async () => CLIP_SECONDS,
  };
}

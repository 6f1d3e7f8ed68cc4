import type { OpenDataset, Thumbnailer } from '#datasets';
import type { Exhibit as Shown } from '#report';
import type { Exhibit } from '#tasks';
import { chooseExhibits } from './choose-exhibits.ts';
import { filmOf } from './film-of.ts';
import type { Scored } from './gather-trials.ts';

const WIDTH = 320;

/** Pictures of the clearest that changed, with what is around them, taken from the datasets themselves. One that cannot be drawn is shown without. */
export async function showExhibits(scored: readonly Scored[], thumbnails: Thumbnailer): Promise<Shown[]> {
  const shown: Shown[] = [];
  for (const { open, candidate, reference } of firstOfEach(scored)) {
    if (reference === null) continue;
    const { dataset } = open;
    for (const exhibit of chooseExhibits(dataset, candidate.trials, reference.trials)) {
      const film = await filmOf(open, exhibit, thumbnails);
      shown.push({ ...(await showExhibit(open, exhibit, thumbnails)), ...(film === null ? {} : { film }) });
    }
  }
  return shown;
}

/** One of them, with its picture. */
export async function showExhibit(open: OpenDataset, exhibit: Exhibit, thumbnails: Thumbnailer): Promise<Shown> {
  return asShown(open.dataset.name, exhibit, await pictureOf(open, exhibit, thumbnails));
}

/** The deployed baseline alone: an anchor's differences would say the same twice. */
function firstOfEach(scored: readonly Scored[]): Scored[] {
  return scored.filter(
    (one, index) => one.comparison.role === 'baseline' && scored.findIndex(({ open }) => open === one.open) === index,
  );
}

type Picture = { jpeg: Uint8Array; width: number; height: number } | null;

function asShown(dataset: string, { change, id, beside = [], at, caption, slices }: Exhibit, picture: Picture): Shown {
  return {
    change,
    dataset,
    sample: at === null ? [id, ...beside].join(', ') : `${id} at ${at.toFixed(1)} s`,
    caption,
    slices: { ...slices },
    jpeg: picture === null ? null : Buffer.from(picture.jpeg).toString('base64'),
    width: picture?.width ?? 0,
    height: picture?.height ?? 0,
  };
}

async function pictureOf(
  open: OpenDataset,
  { id, beside = [], at, boxes = [] }: Exhibit,
  thumbnails: Thumbnailer,
): Promise<Picture> {
  const { dataset } = open;
  if (dataset.medium === 'pictures') {
    const samples = new Map(dataset.samples.map((sample) => [sample.id, sample]));
    const wanted = [id, ...beside].flatMap((one) => samples.get(one) ?? []);
    const [first, ...others] = await Promise.all(wanted.map(async (sample) => ({ encoded: await open.read(sample) })));
    return first === undefined ? null : await thumbnails.thumbnail(first, { maxWidth: WIDTH, boxes, beside: others });
  }
  const clip = dataset.clips.find((one) => one.id === id);
  if (clip === undefined || at === null) return null;
  for await (const frame of open.frames(clip, dataset.rule.framesPerSecond)) {
    if (frame.timestamp >= at) return await thumbnails.thumbnail(frame, { maxWidth: WIDTH });
  }
  return null;
}

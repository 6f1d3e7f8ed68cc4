import type { OpenDataset, Thumbnail, Thumbnailer } from '#datasets';
import type { Film } from '#report';
import type { Exhibit } from '#tasks';

const WIDTH = 320;
/** Seconds before and after its moment. */
const AROUND = 4;
const FRAMES = 12;
const SAID = 400;
/** Seconds: timestamps are sums of frame periods. */
const ROUNDING = 1e-6;

/**
 * What is around an exhibit: frames that nothing is drawn on, and what is true and what each release says there, as numbers. Null where
 * there is nothing to be seen beside its picture.
 */
export async function filmOf(open: OpenDataset, exhibit: Exhibit, thumbnails: Thumbnailer): Promise<Film | null> {
  if (exhibit.at !== null) return await clipFilm(open, exhibit, exhibit.at, thumbnails);
  return exhibit.boxes === undefined || exhibit.boxes.length === 0 ? null : await pictureFilm(open, exhibit, thumbnails);
}

async function clipFilm(
  open: OpenDataset,
  { id, spans = [] }: Exhibit,
  at: number,
  thumbnails: Thumbnailer,
): Promise<Film | null> {
  const { dataset } = open;
  const clip = dataset.medium === 'clips' ? dataset.clips.find((one) => one.id === id) : undefined;
  if (dataset.medium !== 'clips' || clip === undefined) return null;
  const step = (2 * AROUND) / FRAMES;
  const frames: Film['frames'] = [];
  let next = at - AROUND;
  for await (const frame of open.frames(clip, dataset.rule.framesPerSecond)) {
    if (frame.timestamp > at + AROUND || frames.length >= FRAMES) break;
    if (frame.timestamp < next - ROUNDING) continue;
    frames.push(frameOf(await thumbnails.thumbnail(frame, { maxWidth: WIDTH }), frame.timestamp));
    while (next <= frame.timestamp + ROUNDING) next += step;
  }
  return { frames, boxes: [], spans: spans.slice(0, SAID).map((span) => ({ ...span })) };
}

async function pictureFilm(open: OpenDataset, { id, boxes = [] }: Exhibit, thumbnails: Thumbnailer): Promise<Film | null> {
  const { dataset } = open;
  const sample = dataset.medium === 'pictures' ? dataset.samples.find((one) => one.id === id) : undefined;
  if (sample === undefined) return null;
  const picture = await thumbnails.thumbnail({ encoded: await open.read(sample) }, { maxWidth: 2 * WIDTH });
  const [across, down] = [picture.scale / picture.width, picture.scale / picture.height];
  return {
    frames: [frameOf(picture, null)],
    boxes: boxes.slice(0, SAID).map(({ role, label, score = null, x1, y1, x2, y2 }) => ({
      role,
      label,
      score,
      x1: x1 * across,
      y1: y1 * down,
      x2: x2 * across,
      y2: y2 * down,
    })),
    spans: [],
  };
}

function frameOf({ jpeg, width, height }: Thumbnail, at: number | null): Film['frames'][number] {
  return { at, jpeg: Buffer.from(jpeg).toString('base64'), width, height };
}

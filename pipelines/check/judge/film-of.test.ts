import { describe, expect, it } from 'vitest';
import { street } from '../../../testing/worlds/small-datasets.ts';
import type { Frame, OpenDataset, Picture, Thumbnailer } from '#datasets';
import type { Exhibit } from '#tasks';
import { filmOf } from './film-of.ts';

const thumbnails: Thumbnailer = {
  thumbnail: (picture: Picture) =>
    Promise.resolve({
      jpeg: Buffer.from('timestamp' in picture ? picture.timestamp.toFixed(1) : 'whole'),
      width: 320,
      height: 200,
      scale: 0.5,
    }),
};
const [clip] = street.clips;

function open(framesPerSecond: number, seconds: number): OpenDataset {
  async function* frames(): AsyncGenerator<Frame> {
    for (let at = 0; at < seconds * framesPerSecond; at += 1)
      yield await Promise.resolve({ timestamp: at / framesPerSecond, width: 640, height: 400, pixels: new Uint8Array() });
  }
  return { dataset: street, frames } as unknown as OpenDataset;
}

const exhibit = (at: number): Exhibit => ({
  change: 'lost',
  id: clip?.id ?? '',
  at,
  caption: 'person missed',
  slices: {},
  weight: 1,
  spans: [{ role: 'truth', label: 'person', score: null, start: 9, end: 11 }],
});

describe('what is around an exhibit of a clip', () => {
  it.each([
    ['in its midst', 10, 5, 60, 12],
    ['at its beginning', 0, 5, 60, 7],
    ['at its end', 60, 5, 60, 6],
    ['of few frames', 10, 1, 60, 9],
  ])('is a dozen moments at most, in order, and none twice: %s', async (_, at, framesPerSecond, seconds, count) => {
    const film = await filmOf(open(framesPerSecond, seconds), exhibit(at), thumbnails);
    const moments = film?.frames.map((frame) => frame.at ?? Number.NaN) ?? [];
    expect(moments.length).toBe(count);
    expect(moments).toEqual([...new Set(moments)].toSorted((a, b) => a - b));
    expect(moments.every((each) => Math.abs(each - at) <= 4)).toBe(true);
  });

  it('says what is true and what was said there', async () => {
    expect((await filmOf(open(2, 20), exhibit(10), thumbnails))?.spans).toEqual([
      { role: 'truth', label: 'person', score: null, start: 9, end: 11 },
    ]);
  });

  it('is nothing of a picture without boxes, or of a clip that is not there', async () => {
    expect(await filmOf(open(2, 20), { ...exhibit(10), at: null }, thumbnails)).toBeNull();
    expect(await filmOf(open(2, 20), { ...exhibit(10), id: 'none' }, thumbnails)).toBeNull();
  });
});

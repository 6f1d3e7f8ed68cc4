import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../dataset.ts';
import type { MarkedBox } from '../thumbnailer.ts';
import { SharpThumbnailer } from './thumbnail.ts';

const grey = (width: number, height: number): Frame => ({
  timestamp: 0,
  width,
  height,
  pixels: new Uint8Array(width * height * 3).fill(100),
});
const thumbnailer = new SharpThumbnailer();

describe('a thumbnail', () => {
  it('of a large frame is a JPEG 320 pixels wide', async () => {
    const { jpeg, width, height } = await thumbnailer.thumbnail(grey(640, 480));
    expect({ width, height }).toEqual({ width: 320, height: 240 });
    expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 320, height: 240 });
  });

  it('never enlarges', async () => {
    expect(await thumbnailer.thumbnail(grey(40, 30))).toMatchObject({ width: 40, height: 30 });
  });

  it('of an encoded image is turned upright', async () => {
    const turned = await sharp(grey(60, 20).pixels, { raw: { width: 60, height: 20, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(await thumbnailer.thumbnail({ encoded: turned })).toMatchObject({ width: 20, height: 60 });
  });

  it('has others beside it, whole, the first on the left half', async () => {
    const light = (width: number, height: number) => ({
      ...grey(width, height),
      pixels: new Uint8Array(width * height * 3).fill(250),
    });
    const { jpeg, width, height } = await thumbnailer.thumbnail(grey(100, 100), {
      beside: [light(200, 20), light(30, 90), light(64, 36)],
    });
    expect({ width, height }).toEqual({ width: 640, height: 360 });
    const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => data[(y * info.width + x) * info.channels] ?? -1;
    expect(Math.abs(at(160, 180) - 100)).toBeLessThan(12);
    for (const [x, y] of [
      [400, 90],
      [560, 90],
      [400, 270],
    ] as const)
      expect(at(x, y)).toBeGreaterThan(240);
    for (const [x, y] of [
      [400, 20],
      [500, 90],
      [560, 270],
    ] as const)
      expect(Math.abs(at(x, y) - 128)).toBeLessThan(12);
  });

  it('draws a frame around its mark, where the mark is after scaling', async () => {
    const { jpeg } = await thumbnailer.thumbnail(grey(640, 480), { mark: { x1: 200, y1: 100, x2: 400, y2: 300 } });
    const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => data[(y * info.width + x) * info.channels] ?? -1;
    expect(at(100, 100)).toBeLessThan(60);
    expect(Math.abs(at(150, 100) - 100)).toBeLessThan(12);
    expect(Math.abs(at(20, 20) - 100)).toBeLessThan(12);
  });

  it('has boxes drawn on it, told apart by their lines', async () => {
    const box = (role: MarkedBox['role'], x1: number) => ({ role, x1, y1: 40, x2: x1 + 40, y2: 200 });
    const boxes = [box('candidate', 200), box('truth', 40), box('reference', 120)];
    const { jpeg } = await thumbnailer.thumbnail(grey(640, 480), { boxes });
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    const column = (x: number) =>
      Array.from({ length: 60 }, (_, y) => data.subarray(((y + 30) * info.width + x) * 3, ((y + 30) * info.width + x) * 3 + 3));
    const share = (x: number, is: (red: number, green: number, blue: number) => boolean) =>
      column(x).filter(([red = 0, green = 0, blue = 0]) => is(red, green, blue)).length / 60;
    expect(share(20, (red, _, blue) => red > 170 && blue > 170)).toBe(1);
    expect(share(100, (red, _, blue) => blue > red + 40)).toBe(1);
    expect(share(60, (red, _, blue) => red > blue + 40)).toBeGreaterThan(0.4);
    expect(share(60, (red, _, blue) => red > blue + 40)).toBeLessThan(0.8);
    expect(share(75, (red, green, blue) => Math.max(red, green, blue) - Math.min(red, green, blue) < 20)).toBeGreaterThan(0.9);
  });

  it('of what is no image could not be made', async () => {
    await expect(thumbnailer.thumbnail({ encoded: Buffer.from('no image') })).rejects.toThrow(
      /^picture: cannot be made into a thumbnail: /,
    );
  });
});

import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../dataset.ts';
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

  it('of what is no image could not be made', async () => {
    await expect(thumbnailer.thumbnail({ encoded: Buffer.from('no image') })).rejects.toThrow(
      /^picture: cannot be made into a thumbnail: /,
    );
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { sharpPictureReader } from './sharp-picture-reader.ts';

const reader = sharpPictureReader();
/** 3 x 2 pixels, all different. */
const RGB = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 200, 200, 200, 90, 60, 30);
const raw = (bytes: Uint8Array, channels: 1 | 2 | 3 | 4 = 3, width = 3, height = 2) =>
  sharp(bytes, { raw: { width, height, channels } });
/** Smooth but for some texture: what a camera gives, so that a resize has something to get wrong. */
const scene = (width: number, height: number) =>
  Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    return 128 + 90 * Math.sin(x / 7 + at) + 30 * Math.cos((x * y) / 50);
  });

/** Pictures that Pillow wrote, with the pixels that it reads in them: what a dataset may pin, a model reads the same. */
const PICTURES = path.join(import.meta.dirname, '..', '..', 'datasets', 'adapters', '__pictures__');

describe('decoding', () => {
  it.each([
    'rgb.bmp',
    'palette.bmp',
    'grey.bmp',
    'bits.bmp',
    'rgba.bmp',
    'rgb.ppm',
    'rgb-16.ppm',
    'grey.pgm',
    'still.gif',
    'moving.gif',
    'lzw.tiff',
    'jpeg.tiff',
    'palette.png',
    'rgb-16.png',
    'lossy.webp',
    'turned.jpg',
  ])('gives Pillow’s pixels of %s', async (name) => {
    const { rgb } = await reader.decode(readFileSync(path.join(PICTURES, name)), 'exif');
    expect(Buffer.from(rgb).equals(readFileSync(path.join(PICTURES, `${name}.rgb`)))).toBe(true);
  });

  it('gives the exact pixels of PNG and lossless WebP, as RGB', async () => {
    const png = await reader.decode(await raw(RGB).png().toBuffer(), 'stored');
    expect({ ...png, rgb: [...png.rgb] }).toEqual({ width: 3, height: 2, rgb: [...RGB] });
    expect([...(await reader.decode(await raw(RGB).webp({ lossless: true }).toBuffer(), 'stored')).rgb]).toEqual([...RGB]);
  });

  it('makes grey RGB, drops alpha without touching the colours under it, and brings 16 bits down to 8', async () => {
    const grey = await raw(Uint8Array.of(1, 2, 3, 4, 5, 6), 1)
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect((await sharp(grey).metadata()).channels).toBe(1);
    expect([...(await reader.decode(grey, 'stored')).rgb]).toEqual([1, 2, 3, 4, 5, 6].flatMap((value) => [value, value, value]));
    const clear = Uint8Array.from({ length: 24 }, (_, at) => (at % 4 === 3 ? 0 : 100 + at));
    expect([...(await reader.decode(await raw(clear, 4).png().toBuffer(), 'stored')).rgb]).toEqual(
      [...clear].filter((_, at) => at % 4 !== 3),
    );
    const deep = await raw(RGB).toColourspace('rgb16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    expect([...(await reader.decode(deep, 'stored')).rgb]).toEqual([...RGB]);
  });

  it('reads grey and CMYK JPEGs', async () => {
    const flat = sharp({ create: { width: 16, height: 16, channels: 3, background: { r: 200, g: 30, b: 60 } } });
    const cmyk = await flat.clone().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    const { rgb } = await reader.decode(cmyk, 'stored');
    expect(rgb.length).toBe(16 * 16 * 3);
    expect(rgb[0]).toBeGreaterThan(150);
    expect(rgb[1]).toBeLessThan(100);
    const grey = await flat.clone().toColourspace('b-w').jpeg().toBuffer();
    const greyRgb = (await reader.decode(grey, 'stored')).rgb;
    expect([greyRgb.length, greyRgb[0] === greyRgb[1], greyRgb[1] === greyRgb[2]]).toEqual([16 * 16 * 3, true, true]);
  });

  it('leaves pixels as the file stores them, or turns them upright as EXIF says, as the model was trained', async () => {
    const turned = await raw(RGB).withMetadata({ orientation: 6 }).png().toBuffer();
    const stored = await reader.decode(turned, 'stored');
    expect([stored.width, stored.height, ...stored.rgb]).toEqual([3, 2, ...RGB]);
    const upright = await reader.decode(turned, 'exif');
    expect([upright.width, upright.height]).toEqual([2, 3]);
    // Turned clockwise: the first row is the first column, from below.
    expect([...upright.rgb.subarray(0, 6)]).toEqual([10, 20, 30, 255, 0, 0]);
  });

  it('does not shrink while it decodes: a large JPEG keeps every pixel', async () => {
    const jpeg = await raw(scene(640, 480), 3, 640, 480).jpeg().toBuffer();
    const { width, height, rgb } = await reader.decode(jpeg, 'stored');
    expect([width, height]).toEqual([640, 480]);
    expect(Buffer.compare(rgb, await sharp(jpeg).raw().toBuffer())).toBe(0);
  });

  it('ignores the colour profile of an RGB picture, as PIL and OpenCV do', async () => {
    const p3 = await raw(RGB).png().withIccProfile('p3').toBuffer();
    const stored = await sharp(p3, { ignoreIcc: true }).raw().toBuffer();
    expect(Buffer.compare((await reader.decode(p3, 'stored')).rgb, stored)).toBe(0);
    expect([...stored]).not.toEqual([...RGB]);
  });

  it.each([
    ['nothing', new Uint8Array(), '0 bytes that are no JPEG, PNG or WebP'],
    ['text', Buffer.from('hello'), '5 bytes that are no JPEG, PNG or WebP'],
    [
      'a format outside the contract',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      'no JPEG, PNG or WebP',
    ],
    ['a JPEG of a header alone', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), "a picture that can't be decoded"],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(reader.decode(bytes, 'stored')).rejects.toThrow(message);
  });

  it('refuses a picture that is cut short', async () => {
    const jpeg = await raw(scene(64, 48), 3, 64, 48).jpeg().toBuffer();
    await expect(reader.decode(jpeg.subarray(0, jpeg.length / 2), 'stored')).rejects.toThrow("can't be decoded");
  });

  it('refuses a small file that claims a huge picture', async () => {
    const bomb = await sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: 'black' } })
      .png()
      .toBuffer();
    await expect(reader.decode(bomb, 'stored')).rejects.toThrow('exceeds pixel limit');
  });
});

describe('resizing', () => {
  it.each(['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3', 'mks2013', 'mks2021'] as const)(
    'by %s gives the same pixels for a frame and for a PNG of it',
    async (kernel) => {
      const frame = scene(101, 67);
      const plan = { resize: { width: 40, height: 30 }, window: { left: 3, top: 2, width: 33, height: 25 } };
      const png = await reader.decode(await raw(frame, 3, 101, 67).png().toBuffer(), 'stored');
      const [ofPng, ofFrame] = await Promise.all(
        [png, { width: 101, height: 67, rgb: frame }].map((picture) => reader.resize(picture, plan, kernel)),
      );
      expect(ofFrame?.length).toBe(33 * 25 * 3);
      expect(Buffer.compare(ofPng ?? Buffer.alloc(0), ofFrame ?? Buffer.alloc(0))).toBe(0);
    },
  );

  it('keeps a flat colour flat at any size, and the window where it was asked for', async () => {
    const half = Uint8Array.from({ length: 8 * 8 * 3 }, (_, at) => ((at / 3) % 8 < 4 ? 50 : 150));
    const plan = { resize: { width: 16, height: 16 }, window: { left: 12, top: 0, width: 4, height: 16 } };
    const pixels = await reader.resize({ width: 8, height: 8, rgb: half }, plan, 'linear');
    expect(new Set(pixels)).toEqual(new Set([150]));
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeRgb, unfitness } from './decode-rgb.ts';
import { pictureSize } from './picture-size.ts';

/** Pictures that Pillow wrote, and the pixels that it reads in them; see make.py beside them. */
const FOLDER = path.join(import.meta.dirname, '__pictures__');
const files = readdirSync(FOLDER).filter((name) => !/\.(py|rgb)$/.test(name));
const encoded = (name: string) => readFileSync(path.join(FOLDER, name));

/** What is never read, or is refused when it is pinned, and why. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  '444.avif': /is AVIF/,
  'bits.pbm': /no JPEG, PNG, WebP, GIF, TIFF, BMP, PGM or PPM/,
  'cmyk.jpg': /is CMYK/,
  'cmyk.tiff': /is CMYK/,
  'float.tiff': /TIFF of numbers that are not whole/,
  'grey-16.pgm': /grey with 16 bits/,
  'grey-16.png': /grey with 16 bits/,
  'grey-16.tiff': /grey with 16 bits/,
  'lossy.avif': /is AVIF/,
  'text.ppm': /no JPEG, PNG, WebP, GIF, TIFF, BMP, PGM or PPM/,
  'transparent.gif': /partly see-through/,
};
const read = files.filter((name) => !Object.hasOwn(REFUSED, name));

/** As `fieldproof pin` goes about it. */
async function refusal(bytes: Uint8Array): Promise<string> {
  try {
    const unfit = await unfitness(bytes);
    if (unfit === undefined) await decodeRgb(bytes);
    return unfit ?? 'read';
  } catch (thrown) {
    return String(thrown);
  }
}

describe('a picture', () => {
  it('is there for every kind that people have', () => {
    const endings = new Set(files.map((name) => path.extname(name)));
    expect([...endings].toSorted().join(' ')).toBe('.avif .bmp .gif .jpg .pbm .pgm .png .ppm .tiff .webp');
    expect(read.length).toBeGreaterThan(30);
  });

  it.each(read)('%s has Pillow’s pixels, and is fit to be pinned', async (name) => {
    const bytes = encoded(name);
    const { width, height, pixels } = await decodeRgb(bytes);
    expect(await unfitness(bytes)).toBeUndefined();
    expect(Buffer.from(pixels).equals(encoded(`${name}.rgb`))).toBe(true);
    expect(await pictureSize(path.join(FOLDER, name))).toEqual({ width, height });
  });

  it.each(Object.entries(REFUSED))('%s is refused by name', async (name, reason) => {
    expect(await refusal(encoded(name))).toMatch(reason);
  });

  it.each(read)('%s is refused when it is cut off', async (name) => {
    const bytes = encoded(name);
    // A third: the first of two frames is whole in more.
    expect(await refusal(bytes.subarray(0, Math.floor(bytes.length / 3)))).not.toBe('read');
  });

  it.each([
    ['a bitmap of more pixels than are read', 'rgb.bmp', 18, [0xff, 0xff, 0xff, 0x7f], /it says that it is 2147483647 x/],
    ['a compressed bitmap', 'grey.bmp', 30, [1], /compressed bitmap/],
    ['a bitmap of sixteen bits', 'rgb.bmp', 28, [16], /bitmap of 16 bits a pixel/],
    ['a pixmap without a size', 'rgb.ppm', 3, [0x41], /no PGM or PPM/],
    ['a pixmap of more pixels than are read', 'rgb.ppm', 3, Buffer.from('999999 999999 255 '), /999999 x 999999/],
  ])('%s is refused', async (_, name, at, put, reason) => {
    const bytes = Uint8Array.from(encoded(name));
    bytes.set(put, at);
    expect(await refusal(bytes)).toMatch(reason);
  });
});

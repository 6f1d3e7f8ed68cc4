import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CouldNotRun } from '#kernel';
import { folderOfInputs, forAllFiles, spoilt, spoiltBytes } from '../../testing/fuzz.ts';
import { examinePicture } from './examine-picture.ts';
import { pictureSize } from './picture-size.ts';
import { decodePicture } from './pictures.ts';

let folder: string;
const pictures: Uint8Array[] = [];
beforeAll(async () => {
  folder = folderOfInputs('pictures');
  const picture = sharp({ create: { width: 24, height: 16, channels: 3, background: '#804020' } });
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)
    pictures.push(await picture.toFormat(format).toBuffer());
  const made = path.join(import.meta.dirname, '__pictures__');
  for (const name of readdirSync(made).filter((file) => /\.(bmp|p[gp]m|tiff|gif)$/.test(file)))
    pictures.push(readFileSync(path.join(made, name)));
  pictures.push(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Pixels, or a refusal in words; anything else is a fault. */
async function decodesOrRefuses(bytes: Uint8Array): Promise<boolean> {
  try {
    const { width, height, pixels } = await decodePicture(bytes, 0, 'a');
    return pixels.length === width * height * 3;
  } catch (thrown) {
    return thrown instanceof CouldNotRun;
  }
}

/** Whole numbers, or an error that its caller turns into words. */
async function measuresOrRefuses(file: string): Promise<boolean> {
  try {
    const { width, height } = await pictureSize(file);
    return Number.isInteger(width) && Number.isInteger(height);
  } catch (thrown) {
    return thrown instanceof Error;
  }
}

describe('bytes that a pull request brings as a picture', () => {
  it('are decoded, or refused in words', async () =>
    await forAllFiles(spoilt, async (input) => {
      expect(await decodesOrRefuses(spoiltBytes(pictures, input))).toBe(true);
    }));

  it('are fit to be pinned, or it is said why not', async () =>
    await forAllFiles(
      spoilt,
      async (input) => {
        const told = await examinePicture(spoiltBytes(pictures, input));
        expect('fault' in told ? told.fault.length : told.width).toBeGreaterThan(0);
      },
      10,
    ));

  it('have a size, or none', async () =>
    await forAllFiles(
      spoilt,
      async (input) => {
        const file = path.join(folder, 'a');
        writeFileSync(file, spoiltBytes(pictures, input));
        expect(await measuresOrRefuses(file)).toBe(true);
      },
      10,
    ));
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { CouldNotRun } from '#kernel';
import { forAllFiles } from '../../testing/fuzz.ts';
import { isRawVideo } from '../video-kind.ts';
import { examinePicture } from './examine-picture.ts';
import { decodePicture } from './pictures.ts';
import { WORKING } from './read-ahead.ts';
import { oneFile } from './video-clip.ts';
import { measuredSeconds } from './video-seconds.ts';
import { decodeVideo } from './video.ts';

let folder: string;
const golden = path.join(import.meta.dirname, '__golden__/clips');
/** One of each demuxer. */
const demuxed = [
  'h264.mp4',
  'from-100.mkv',
  'mpeg4.avi',
  'h264.m2ts',
  'mpeg2.mpg',
  'h264.flv',
  'wmv2.asf',
  'raw.h264',
  'raw.h265',
];
const pictures: Uint8Array[] = [];
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-pictures-'));
  const picture = sharp({ create: { width: 24, height: 16, channels: 3, background: '#804020' } });
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)
    pictures.push(await picture.toFormat(format).toBuffer());
  const made = path.join(import.meta.dirname, '__pictures__');
  for (const name of readdirSync(made).filter((file) => /\.(bmp|p[gp]m|tiff|gif)$/.test(file)))
    pictures.push(readFileSync(path.join(made, name)));
  pictures.push(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cuts = fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { minLength: 1, maxLength: 6 });
const spoilt = fc.record({
  which: fc.nat(),
  cuts,
  keep: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.double({ min: 0, max: 1, noNaN: true })),
});

function spoil(
  whole: Uint8Array,
  { cuts: bytes, keep }: { cuts: readonly { at: number; byte: number }[]; keep: number },
): Uint8Array {
  const copy = Uint8Array.from(whole);
  for (const { at, byte } of bytes) copy[at % copy.length] = byte;
  return copy.subarray(0, Math.ceil(copy.length * keep));
}

async function ends(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
  }
}

describe('bytes that a pull request brings', () => {
  it('as a picture are decoded or refused', async () =>
    await forAllFiles(
      spoilt,
      async (input) => {
        const bytes = spoil(pictures[input.which % pictures.length] ?? Buffer.alloc(1), input);
        await ends(async () => await decodePicture(bytes, 0, 'a'));
        await examinePicture(bytes);
      },
      2,
    ));

  it.each(demuxed)('as a clip are decoded or refused: %s', async (name) => {
    const whole = readFileSync(path.join(golden, name));
    await forAllFiles(
      spoilt,
      async (input) => {
        const file = path.join(folder, `spoilt${path.extname(name)}`);
        writeFileSync(file, spoil(whole, input));
        const clip = oneFile(file, 'a', isRawVideo(name) ? 10 : null);
        await ends(() => measuredSeconds(clip));
        await ends(() => {
          for (const frame of decodeVideo(clip, () => true)) if (frame === WORKING) continue;
        });
      },
      30,
    );
  });
});

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { CouldNotRun } from '#kernel';
import { folderOfInputs, forAllFiles, spoilt, spoiltBytes } from '../../testing/fuzz.ts';
import { isRawVideo } from '../video-kind.ts';
import { WORKING } from './read-ahead.ts';
import { oneFile } from './video-clip.ts';
import { measuredSeconds } from './video-seconds.ts';
import { decodeVideo } from './video.ts';

let folder: string;
beforeAll(() => void (folder = folderOfInputs('clips')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const golden = path.join(import.meta.dirname, '__golden__/clips');
/** One of each demuxer: together they are given as many as one other reader. */
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

async function ends(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
  }
}

describe('bytes that a pull request brings', () => {
  it.each(demuxed)('as a clip are decoded or refused: %s', async (name) => {
    const whole = readFileSync(path.join(golden, name));
    const file = path.join(folder, `spoilt${path.extname(name)}`);
    const clip = oneFile(file, 'a', isRawVideo(name) ? 10 : null);
    await forAllFiles(
      spoilt,
      async (input) => {
        writeFileSync(file, spoiltBytes([whole], input));
        await ends(() => measuredSeconds(clip));
        await ends(() => {
          for (const frame of decodeVideo(clip, () => true)) if (frame === WORKING) continue;
        });
      },
      demuxed.length,
    );
  });
});

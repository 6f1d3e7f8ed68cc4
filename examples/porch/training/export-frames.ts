/**
 * Renders what the models learn from, as the runtime would feed it: raw RGB frames and one label byte each.
 *
 *     node export-frames.ts --out DIR [--stills 12000] [--clips 640]
 *
 * Seeds begin with `train`, those of the bench and the street never do: no picture is in both.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import sharp from 'sharp';

import { LABELS, labelInTurn } from '../scenes/actors.ts';
import { HEIGHT, WIDTH } from '../scenes/canvas.ts';
import { FRAMES_PER_SECOND, createClip } from '../scenes/clip.ts';
import { createRandom, hashSeed } from '../scenes/random.ts';
import { renderStill } from '../scenes/scene.ts';
import { STREET_SITES, randomSite } from '../scenes/site.ts';
import { writeVideo } from '../scenes/video.ts';
import { decodeClip, shrinkEncoded, shrinkRaw } from './frames.ts';

/** Appends pictures and labels to `<name>.rgb` and `<name>.labels`. */
function openSink(directory: string, name: string) {
  const pictures = createWriteStream(path.join(directory, `${name}.rgb`));
  const labels = createWriteStream(path.join(directory, `${name}.labels`));
  return {
    add: (picture: Uint8Array, label: number): void => {
      pictures.write(picture);
      labels.write(Uint8Array.of(label));
    },
    close: async (): Promise<void> => {
      await Promise.all([pictures, labels].map((stream) => new Promise((resolve) => stream.end(resolve))));
    },
  };
}

async function exportStills(directory: string, count: number): Promise<void> {
  const sink = openSink(directory, 'stills');
  for (let index = 0; index < count; index++) {
    const seed = hashSeed('train-still', index);
    const label = labelInTurn(index);
    const pixels = renderStill(randomSite(seed), label, { light: 'day', weather: 'clear' }, createRandom(seed));
    const jpeg = await sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .jpeg({ quality: 90 })
      .toBuffer();
    sink.add(await shrinkEncoded(jpeg), LABELS.indexOf(label));
  }
  await sink.close();
}

/** Every second clip is from one of the street's cameras (other days than those it is judged on), the rest from anywhere. */
async function exportClips(directory: string, count: number): Promise<void> {
  const sink = openSink(directory, 'clips');
  const scratch = await mkdtemp(path.join(tmpdir(), 'porch-train-'));
  for (let index = 0; index < count; index++) {
    const seed = hashSeed('train-clip', index);
    const known = index % 2 === 0 ? STREET_SITES[(index >> 1) % STREET_SITES.length] : undefined;
    const site = known ?? randomSite(seed);
    const clip = createClip(site, seed);
    const file = path.join(scratch, 'clip.mp4');
    writeVideo(file, clip.frames(), { width: WIDTH, height: HEIGHT, framesPerSecond: FRAMES_PER_SECOND, crf: site.crf });
    for (const [frame, rgb] of (await decodeClip(file)).entries()) {
      sink.add(await shrinkRaw(rgb), LABELS.indexOf(clip.truth(frame)));
    }
  }
  await rm(scratch, { recursive: true });
  await sink.close();
}

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'frames' },
    stills: { type: 'string', default: '12000' },
    clips: { type: 'string', default: '640' },
  },
});
await mkdir(values.out, { recursive: true });
await exportStills(values.out, Number(values.stills));
await exportClips(values.out, Number(values.clips));

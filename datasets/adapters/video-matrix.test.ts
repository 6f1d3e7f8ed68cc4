import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ffmpegFrames, findFfmpeg, meanOf } from '../../testing/ffmpeg-frames.ts';
import { inputOf, readGoldenClips, type GoldenClip } from '../../testing/golden-clips.ts';
import type { Frame } from '../dataset.ts';
import { readPlaylist } from '../playlist.ts';
import { WORKING } from './read-ahead.ts';
import { oneFile, type VideoClip } from './video-clip.ts';
import { measuredSeconds } from './video-seconds.ts';
import { decodeVideo } from './video.ts';

const folder = join(import.meta.dirname, '__golden__/clips');
const clips = readGoldenClips(folder);
const ffmpeg = findFfmpeg();

function clipOf({ name, framesPerSecond }: GoldenClip): VideoClip {
  const path = join(folder, name);
  const segment = (file: string, header: string | null = null) => ({ path: join(folder, file), display: file, header });
  if (name.endsWith('.m3u8')) {
    const { value } = readPlaylist(readFileSync(path, 'utf8'), name, { file: name });
    const files = value.map(({ file, header }) => segment(file, header === null ? null : join(folder, header)));
    return { display: name, framesPerSecond: null, files };
  }
  if (name.includes('.')) return oneFile(path, name, framesPerSecond ?? null);
  return { display: name, framesPerSecond: null, files: readdirSync(path).map((file) => segment(join(name, file))) };
}

function decode(clip: GoldenClip): readonly Frame[] {
  return [...decodeVideo(clipOf(clip), () => true)].filter((value) => value !== WORKING);
}

function hashOf(frames: readonly Frame[]): string {
  const hash = createHash('sha256');
  for (const { pixels } of frames) hash.update(pixels);
  return hash.digest('hex');
}

const timesOf = (frames: readonly Frame[]) => frames.map(({ timestamp }) => Number(timestamp.toFixed(4)));

// clips.json holds what ffmpeg 9.0.2 makes of these clips; 5.1.9 makes the same of them, but that it joins files of a folder later.
// scripts/golden-clips.ts made both.
describe.each(clips.map((clip) => [clip.what, clip] as const))('%s', (_, clip) => {
  const frames = decode(clip);

  it('has the frames and times of ffmpeg', () => {
    expect(timesOf(frames)).toEqual(clip.frames.times);
    expect([frames[0]?.width, frames[0]?.height]).toEqual([clip.frames.width, clip.frames.height]);
    const off = frames.map(({ pixels }, index) => Math.abs(meanOf(pixels) - (clip.frames.means[index] ?? 0)));
    expect(Math.max(...off)).toBeLessThanOrEqual(1);
  });

  // Another processor's swscale may round otherwise.
  it.skipIf(process.arch !== 'x64')('has the pixels of ffmpeg, bit for bit (x64 only)', () => {
    expect(hashOf(frames)).toBe(clip.frames.sha256);
  });

  // AVI keeps no times of display, and the frames of a stream with B-frames come later than its packets tell.
  it('is as long as its frames take, to half a second', () => {
    expect(Math.abs(measuredSeconds(clipOf(clip)) - (frames.at(-1)?.timestamp ?? 0))).toBeLessThanOrEqual(0.501);
  });

  it.skipIf(ffmpeg === null || clip.name.startsWith('segments'))(
    'is shown alike by the ffmpeg of this machine (skipped where there is none)',
    () => {
      const now = ffmpegFrames(ffmpeg ?? '', inputOf(clip, folder), clip.trackStart);
      expect(timesOf(frames)).toEqual(now.times);
      const off = frames.map(({ pixels }, index) => Math.abs(meanOf(pixels) - (now.means[index] ?? 0)));
      expect(Math.max(...off)).toBeLessThanOrEqual(1);
    },
  );
});

it('there are at least 24 combinations of container, codec and fault', () => {
  expect(clips.length).toBeGreaterThanOrEqual(24);
});

import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../dataset.ts';
import { WORKING } from './read-ahead.ts';
import { writeGreyClip } from './repository.fixture.ts';
import { oneFile } from './video-clip.ts';
import { measuredSeconds as measured, promisedSeconds as promised } from './video-seconds.ts';
import { decodeVideo } from './video.ts';

const golden = (name: string) => join(import.meta.dirname, '__golden__', name);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldproof-video-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function decode(path: string): Frame[] {
  return [...decodeVideo(oneFile(path, 'clip.mp4'), () => true)].filter((value) => value !== WORKING);
}

const promisedSeconds = (path: string) => promised(oneFile(path, 'clip.mp4'));
const measuredSeconds = (path: string) => measured(oneFile(path, 'clip.mp4'));

function hashOf(frames: readonly Frame[]): string {
  const hash = createHash('sha256');
  for (const { pixels } of frames) hash.update(pixels);
  return hash.digest('hex');
}

const times = (frames: readonly Frame[]) => frames.map(({ timestamp }) => Number(timestamp.toFixed(3)));

// What `ffmpeg -i CLIP -pix_fmt rgb24 -f rawvideo -` (9.0.2) gives for these files, and PyAV 18.1's
// `frame.to_ndarray(format='rgb24')` too, but that PyAV leaves the turned one unturned. Another processor's swscale may
// round otherwise, so the hashes hold on x64.
describe.skipIf(process.arch !== 'x64')('pixels are those of ffmpeg, bit for bit (x64 only)', () => {
  it('for BT.601 in limited range', () => {
    expect(hashOf(decode(golden('bt601-limited.mp4')))).toBe('77bec28165f5320239bca810f04307f6d911ee305ece98d6fd694c5dc17335eb');
  });

  it('for BT.709 in full range, as the stream says', () => {
    expect(hashOf(decode(golden('bt709-full.mp4')))).toBe('dfc7fab9713a64fc3ef490a00d4daf9ad38d21b21392fc28ae0f54fe268948cc');
  });

  it('for a clip that is to be turned by a quarter', () => {
    const frames = decode(golden('turned-90.mp4'));
    expect(frames[0]).toMatchObject({ width: 48, height: 64 });
    expect(hashOf(frames)).toBe('6cfc8250bb18f9b826173653557c7e4469545929ca8e164a141dd2b8b6c9f5dd');
  });
});

describe('time', () => {
  it('counts from the start of the track', () => {
    expect(times(decode(golden('bt601-limited.mp4')))).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
    expect(promisedSeconds(golden('bt601-limited.mp4'))).toBe(0.8);
  });

  it('follows timestamps where frames are unevenly spaced, and so does the length', () => {
    const path = join(folder, 'uneven.mp4');
    writeGreyClip(path, { timestamps: [0, 0.1, 0.15, 1, 1.5, 2.9], seconds: 3 });
    expect(times(decode(path))).toEqual([0, 0.1, 0.15, 1, 1.5, 2.9]);
    expect(measuredSeconds(path)).toBe(3);
  });
});

describe('a last frame that is held for long', () => {
  it('is footage, and no sign that some is missing', () => {
    const path = join(folder, 'held-long.mp4');
    writeGreyClip(path, { timestamps: [0, 0.1, 0.2], seconds: 6 });
    expect(times(decode(path))).toEqual([0, 0.1, 0.2]);
    expect(measuredSeconds(path)).toBe(6);
  });
});

describe('frames', () => {
  it('are not overwritten by later ones', () => {
    const path = join(folder, 'held.mp4');
    writeGreyClip(path);
    const held = decode(path);
    const first = held.map(({ pixels }) => pixels[0] ?? 0);
    expect(first).toHaveLength(20);
    expect(first.every((value, index) => Math.abs(value - (20 + index * 4)) <= 4)).toBe(true);
  });

  it('of small clips are decoded at more than 1,500 per second of one core', () => {
    const path = join(folder, 'long.mp4');
    writeGreyClip(path, { width: 160, height: 120, seconds: 100 });
    decode(path);
    // Processor time, for a busy machine must not fail this.
    const before = process.cpuUsage();
    const frames = decode(path);
    const { user, system } = process.cpuUsage(before);
    expect(frames.length / ((user + system) / 1e6)).toBeGreaterThan(1500);
  });
});

describe('a file that is no whole video', () => {
  it('without pictures is refused', () => {
    expect(() => decode(golden('sound-only.mp4'))).toThrow(
      'clip.mp4: has no pictures: no video track in it\n  remedy: restore the clip, or convert it: ffmpeg -i <clip> -c:v libx264 <name>.mp4',
    );
  });

  it('that names no codec, size or length is refused: asked twice what is in it, FFmpeg ended the whole process', () => {
    expect(() => decode(golden('no-codec.mp4'))).toThrow(/^clip\.mp4: (is coded in a way|cannot be decoded|holds no frame)/);
  });

  it('whose index is cut off is refused when it is opened', async () => {
    const whole = await readFile(golden('bt601-limited.mp4'));
    await writeFile(join(folder, 'cut.mp4'), whole.subarray(0, 1000));
    expect(() => promisedSeconds(join(folder, 'cut.mp4'))).toThrow(/^clip\.mp4: cannot be read as video: /);
  });

  it('whose footage is cut off is refused with the time at which it ends', async () => {
    const path = join(folder, 'first.mp4');
    writeGreyClip(path, {
      seconds: 8,
      indexFirst: true,
      draw: (pixels, index) => pixels.forEach((_, at) => (pixels[at] = (at * 31 + index * at) & 255)),
    });
    const whole = await readFile(path);
    await writeFile(join(folder, 'half.mp4'), whole.subarray(0, Math.floor(whole.length / 2)));
    expect(() => decode(join(folder, 'half.mp4'))).toThrow(/^clip\.mp4: (ends at|cannot be (read|decoded) after) \d\.\d\d s/);
  });

  it('whose pictures are overwritten with zeros is refused with the time', async () => {
    const path = join(folder, 'zeros.mp4');
    writeGreyClip(path, {
      seconds: 8,
      indexFirst: true,
      draw: (pixels, index) => pixels.forEach((_, at) => (pixels[at] = (at * 31 + index * at) & 255)),
    });
    const bytes = await readFile(path);
    bytes.fill(0, Math.floor(bytes.length / 2));
    await writeFile(path, bytes);
    expect(() => decode(path)).toThrow(/^clip\.mp4: (ends at|cannot be (read|decoded) after) \d\.\d\d s/);
  });

  it('whose pictures are overwritten in the middle is refused with the time, however well it ends', async () => {
    const path = join(folder, 'hole.mp4');
    writeGreyClip(path, {
      seconds: 12,
      indexFirst: true,
      draw: (pixels, index) => pixels.forEach((_, at) => (pixels[at] = (at * 31 + index * at) & 255)),
    });
    const bytes = await readFile(path);
    bytes.fill(0, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.6));
    await writeFile(path, bytes);
    expect(() => decode(path)).toThrow(/^clip\.mp4: cannot be decoded after [45]\.\d\d s: what follows is damaged/);
  });

  it('that is a playlist under another name opens nothing else', async () => {
    await writeFile(join(folder, 'list.mp4'), `ffconcat version 1.0\nfile ${golden('bt601-limited.mp4')}\n`);
    expect(() => decode(join(folder, 'list.mp4'))).toThrow(/^clip\.mp4: cannot be read as video/);
  });

  it.each([
    ['clips/mpeg2.mpg', '.mpg'],
    ['clips/mpeg4.avi', '.avi'],
    ['clips/h264.m2ts', '.ts'],
    ['clips/camcorder.m2ts', '.m2ts'],
    ['clips/vfr.mkv', '.mkv'],
    ['clips/h264.flv', '.flv'],
    ['clips/wmv2.asf', '.wmv'],
    ['clips/hls/index.m3u8', '.m3u8'],
  ])('that a recorder called .mp4 is told what to be called: %s', async (name, meant) => {
    await copyFile(golden(name), join(folder, 'recorded.mp4'));
    expect(() => decode(join(folder, 'recorded.mp4'))).toThrow(
      `clip.mp4: is read as .mp4 by its name, and its bytes are those of a ${meant}\n  remedy: name it ${meant}`,
    );
  });

  it('that is empty is refused', async () => {
    await writeFile(join(folder, 'empty.mp4'), '');
    expect(() => decode(join(folder, 'empty.mp4'))).toThrow(/^clip\.mp4: cannot be read as video/);
  });

  it('that holds no frame is refused', () => {
    const path = join(folder, 'none.mp4');
    writeGreyClip(path, { seconds: 0 });
    expect(() => decode(path)).toThrow(/^clip\.mp4: /);
    expect(() => promisedSeconds(path)).toThrow(/^clip\.mp4: /);
  });
});

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';

/** What `ffmpeg` makes of a clip. Times in seconds; `means`: of all bytes of each frame, to tell frames apart where hashes cannot. */
export type FfmpegFrames = { width: number; height: number; times: number[]; sha256: string; means: number[] };

/** The `ffmpeg` on PATH, or the one that FFMPEG names; null where there is none. */
export function findFfmpeg(): string | null {
  const ffmpeg = process.env['FFMPEG'] ?? 'ffmpeg';
  try {
    execFileSync(ffmpeg, ['-version'], { stdio: 'ignore' });
    return ffmpeg;
  } catch {
    return null;
  }
}

/**
 * Every frame of the first picture track as `ffmpeg` shows it, and when.
 * @param input what goes before and with `-i`
 * @param trackStart seconds by which the track begins after the file does, since `ffmpeg` counts from the file's start
 */
export function ffmpegFrames(ffmpeg: string, input: readonly string[], trackStart = 0): FfmpegFrames {
  const ask = (...output: string[]) =>
    execFileSync(ffmpeg, ['-v', 'quiet', ...input, '-map', '0:v:0', '-fps_mode', 'passthrough', ...output, '-'], {
      maxBuffer: 1024 ** 3,
    });
  const listing = ask('-enc_time_base', '1:1000000', '-c:v', 'rawvideo', '-pix_fmt', 'rgb24', '-f', 'framemd5').toString();
  const [, num = 0, den = 1] = (/#tb 0: (\d+)\/(\d+)/.exec(listing) ?? []).map(Number);
  const [, width = 0, height = 0] = (/#dimensions 0: (\d+)x(\d+)/.exec(listing) ?? []).map(Number);
  const ticks = [...listing.matchAll(/^0,\s*-?\d+,\s*(-?\d+)/gm)].map(([, pts]) => Number(pts));
  const pixels = ask('-c:v', 'rawvideo', '-pix_fmt', 'rgb24', '-f', 'rawvideo');
  const size = width * height * 3;
  if (pixels.length !== size * ticks.length) throw new Error(`ffmpeg told of ${ticks.length} frames and gave others`);
  return {
    width,
    height,
    times: ticks.map((tick) => rounded((tick * num) / den - trackStart, 4)),
    sha256: createHash('sha256').update(pixels).digest('hex'),
    means: ticks.map((_, index) => meanOf(pixels.subarray(index * size, (index + 1) * size))),
  };
}

/** Of all bytes of a frame, to a hundredth. */
export function meanOf(pixels: Uint8Array): number {
  return rounded(pixels.reduce((sum, value) => sum + value, 0) / pixels.length, 2);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits)) + 0;
}

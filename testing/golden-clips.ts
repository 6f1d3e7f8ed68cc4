import { copyFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { FfmpegFrames } from './ffmpeg-frames.ts';

/** A committed clip of one combination of container, codec and fault, and what `ffmpeg` made of it when it was made. */
export type GoldenClip = {
  /** A file, a playlist, or a folder of segments. */
  name: string;
  what: string;
  /** Of a stream that keeps no times. */
  framesPerSecond?: number | undefined;
  /** Seconds by which its pictures begin after the file does. */
  trackStart?: number | undefined;
  frames: FfmpegFrames;
};

/** What `ffmpeg` is to be given before its output, to read the clip. */
export function inputOf({ name, framesPerSecond }: Omit<GoldenClip, 'frames'>, folder: string): readonly string[] {
  const path = join(folder, name);
  if (!name.includes('.')) return ['-f', 'concat', '-safe', '0', '-i', concatList(path)];
  if (name.endsWith('.m3u8')) return ['-i', playlistOfTs(path)];
  return framesPerSecond === undefined ? ['-i', path] : ['-r', String(framesPerSecond), '-i', path];
}

export function readGoldenClips(folder: string): readonly GoldenClip[] {
  return JSON.parse(readFileSync(join(folder, 'clips.json'), 'utf8')) as readonly GoldenClip[];
}

/** `ffmpeg` plays no list of .m2ts, which is what segments are called here lest they be taken for programs. */
function playlistOfTs(playlist: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'fieldproof-hls-'));
  for (const file of readdirSync(dirname(playlist)))
    copyFileSync(join(dirname(playlist), file), join(copy, file.replace('.m2ts', '.ts')));
  const list = join(copy, basename(playlist));
  writeFileSync(list, readFileSync(playlist, 'utf8').replaceAll('.m2ts', '.ts'));
  return list;
}

function concatList(folder: string): string {
  const list = join(mkdtempSync(join(tmpdir(), 'fieldproof-concat-')), 'list.txt');
  writeFileSync(
    list,
    readdirSync(folder)
      .map((file) => `file '${join(folder, file)}'\n`)
      .join(''),
  );
  return list;
}

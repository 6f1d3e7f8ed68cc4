import type { Digest } from '#kernel';
import type { Clip } from '../dataset.ts';
import type { PinnedFile } from './pinned-files.ts';
import type { VideoFile } from './video-container.ts';

/**
 * A clip as it lies on disk: one file, or several that follow one another. `framesPerSecond`: of a stream that keeps no times of
 * its own; null for all others. `display`: how messages name the whole.
 */
export type VideoClip = { display: string; files: readonly VideoFile[]; framesPerSecond: number | null };

/** A clip that is one file. */
export function oneFile(path: string, display: string, framesPerSecond: number | null = null): VideoClip {
  return { display, files: [{ path, display, header: null }], framesPerSecond };
}

/** Where the files of a clip are, each of which has to be verified before it is opened. */
export function locateVideo(
  { id, media }: Pick<Clip, 'id' | 'media'>,
  locate: (path: string, pin: Digest) => PinnedFile,
): { video: VideoClip; files: readonly PinnedFile[] } {
  if (media.kind === 'frames') throw new TypeError(`${id} is a folder of pictures`);
  if (media.kind !== 'segments') {
    const file = locate(id, media.pin);
    const video = oneFile(file.path, file.display, media.kind === 'raw video' ? media.framesPerSecond : null);
    return { video, files: [file] };
  }
  const located = media.segments.map(({ file, pin, header }) => ({
    own: locate(file, pin),
    header: header === null ? null : locate(header.file, header.pin),
  }));
  const files = located.map(({ own, header }) => ({ path: own.path, display: own.display, header: header?.path ?? null }));
  const all = located.flatMap(({ own, header }) => (header === null ? [own] : [header, own]));
  return { video: { display: all[0]?.display.replace(/[^/]*$/, '') ?? id, files, framesPerSecond: null }, files: all };
}

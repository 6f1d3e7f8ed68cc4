import type { Place, Problem } from '#kernel';
import type { TimedEvent } from './dataset.ts';

/** What a list of samples or clips says, before any file has been looked at. `at` is where it says so. */
export type DeclaredSample = { file: string; truth: number; slices: Readonly<Record<string, string>>; at: Place };

export type DeclaredClip = {
  media: DeclaredMedia;
  site: string;
  conditions: Readonly<Record<string, string>>;
  events: readonly TimedEvent[];
  /** Where a part of it is written. */
  at: (path: readonly PropertyKey[]) => Place;
};

/** One video, by itself or as a playlist of segments; a folder of videos that follow one another; or a folder of pictures. */
export type DeclaredMedia =
  | { kind: 'video'; file: string; framesPerSecond: number | null }
  | { kind: 'playlist'; file: string }
  | { kind: 'segments'; folder: string }
  | { kind: 'frames'; folder: string; framesPerSecond: number };

/** A value together with all that is wrong with what it was made of. */
export type Checked<T> = { value: T; problems: readonly Problem[] };

/** The path below the root that names a clip. */
export function clipId(media: DeclaredMedia): string {
  return media.kind === 'video' || media.kind === 'playlist' ? media.file : media.folder;
}

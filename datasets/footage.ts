import type { Digest } from '#kernel';
import type { ClipDataset } from './dataset.ts';
import type { OpenDataset } from './sample-source.ts';

/** A file where footage arrives, as its listing has it. `name`: below the place, with forward slashes. */
export type FootageFile = { name: string; bytes: number; modifiedAt: string };

/** The place where clips arrive: a folder, or a bucket. Read only; nothing is ever moved, marked or removed there. */
export interface Footage {
  /** How messages and facts name it, without secrets. */
  readonly place: string;
  /**
   * Every plain file, ordered by name.
   * @throws CouldNotRun when the place is not there, or not open to us
   */
  list(): Promise<readonly FootageFile[]>;
  /** A small text, such as the JSON beside a clip. @throws CouldNotRun when it cannot be read, or is larger than 64 KiB */
  readText(file: FootageFile): Promise<string>;
  /** The digest of the whole file, and how many bytes that was. @throws CouldNotRun when it cannot be read */
  pin(file: FootageFile): Promise<{ pin: Digest; bytes: number }>;
  /** Clips of this place by their pins. Frames of a file that is no longer the pinned one are an error naming it. */
  open(dataset: ClipDataset): OpenDataset;
}

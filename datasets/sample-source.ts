import type { Clip, Dataset, Frame, Sample } from './dataset.ts';
import type { BadItem } from './leave-out.ts';

/** Where a dataset's manifest is read from: policy comes from a commit, the footage from a disk. */
export type ManifestRef = {
  name: string;
  /** Path of the manifest below the repository's root. */
  path: string;
  /** Reads a file of the repository at the judged commit; undefined when it is not there. */
  readFile: (path: string) => Promise<string | undefined>;
  data: DataPlace;
  /**
   * The share of its samples or clips that may be left out where they cannot be decoded, as policy allows; then all are decoded once
   * when it is opened. Absent: none, and nothing is decoded before it is asked about.
   */
  leaveOut?: number;
};

/**
 * Where the data is that a manifest names. `disk`: policy wrote it, which may name any folder of the machine, relative to the
 * one that stands for the repository's root. `cache`: what was fetched of it, by digest; `place` is how messages name where from,
 * with whatever stands before a path there. `commit`: folders of a commit and no other place, for a pull request brought the manifest
 * (`head`) or policy says so; `extract` puts one on disk.
 */
export type DataPlace =
  | { kind: 'disk'; workingTree: string }
  | { kind: 'cache'; place: string }
  | { kind: 'commit'; by: 'policy' | 'head'; extract: (folder: string) => Promise<string> };

/** Gives a dataset's questions and their pixels. Bytes that are not the pinned ones are an error naming the file. */
export interface SampleSource {
  load(manifest: ManifestRef): Promise<OpenDataset>;
}

/** A dataset with its pixels at hand. */
export interface OpenDataset {
  readonly dataset: Dataset;
  /** What was left out of it, since it cannot be decoded. Absent: nothing. */
  readonly leftOut?: readonly BadItem[];
  /** The encoded image, exactly as stored, after its pin has been checked. */
  read(sample: Sample): Promise<Uint8Array>;
  /** Why a picture cannot be decoded, so that no model is blamed for it; null where it can. Absent where that cannot be told. */
  pictureFault?(sample: Sample): Promise<string | null>;
  /** Frames in order, no more than `framesPerSecond` of them per second of footage. */
  frames(clip: Clip, framesPerSecond: number): AsyncIterable<Frame>;
  /** Length of the footage in seconds. */
  seconds(clip: Clip): Promise<number>;
}

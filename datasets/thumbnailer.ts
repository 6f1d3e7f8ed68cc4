import type { Frame } from './dataset.ts';

/** A decoded frame, or the bytes of an encoded image. */
export type Picture = Frame | { encoded: Uint8Array };

/** Pixels of the source picture; (x1, y1) is the upper left corner. */
export type Box = { x1: number; y1: number; x2: number; y2: number };

/** What it is: true, said by the release before, or said by the candidate. */
export type MarkedBox = Box & { role: 'truth' | 'reference' | 'candidate' };

/** `scale`: pixels of it for one of the upright source, at most 1. */
export type Thumbnail = { jpeg: Uint8Array; width: number; height: number; scale: number };

/** Makes small pictures for reports. */
export interface Thumbnailer {
  /**
   * A JPEG no wider than `maxWidth` pixels (320 by default, never enlarged), with a plain frame around `mark`.
   * `boxes`, of the picture itself, are drawn as what they are. With pictures `beside` it, one of 640 by 360: it on the left half,
   * they on the right.
   * @throws CouldNotRun when the image cannot be decoded
   */
  thumbnail(
    picture: Picture,
    options?: { maxWidth?: number; mark?: Box; boxes?: readonly MarkedBox[]; beside?: readonly Picture[] },
  ): Promise<Thumbnail>;
}

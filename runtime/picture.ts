import { pictureKind, type PictureKind } from '#kernel';
import type { ResizePlan } from './geometry.ts';
import type { Preprocess } from './description/preprocess.ts';

export type Orientation = Preprocess['orientation'];

/** 8-bit RGB, height x width x 3, at source size. */
export type Picture = { width: number; height: number; rgb: Uint8Array };

/** Decodes and resizes. The one way for encoded pictures and raw frames: a frame and a PNG of it give identical pixels. */
export interface PictureReader {
  /** @throws BadRequest when the bytes are no picture that can be decoded */
  decode(encoded: Uint8Array, orientation: Orientation): Promise<Picture>;
  /** The window of the resized picture, as RGB. */
  resize(picture: Picture, plan: ResizePlan, kernel: Preprocess['resize']['kernel']): Promise<Uint8Array>;
}

/** The client asked for something that cannot be answered; the message says what and where. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/** Only these are decoded, whatever else the library knows: fewer parsers for hostile bytes to reach. */
export function pictureFormat(encoded: Uint8Array): Exclude<PictureKind, 'avif'> | null {
  const kind = pictureKind(encoded);
  return kind === undefined || kind === 'avif' ? null : kind;
}

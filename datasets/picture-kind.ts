import { pictureKind } from '#kernel';

/** Whether an encoded picture begins as one of a kind that is read. */
export function isPicture(encoded: Uint8Array): boolean {
  return pictureKind(encoded) !== undefined;
}

/** Pixels of one picture or frame: 8192 x 8192. Decoded it holds three bytes for each. */
export const MOST_PIXELS = 8192 * 8192;

/** Seconds that one picture may take to decode. */
export const PICTURE_SECONDS = 30;

import { CouldNotRun, reasonOf } from '#kernel';
import type { Frame } from '../dataset.ts';
import { decodeRgb } from './decode-rgb.ts';

/**
 * Decodes one picture of a clip to RGB, turned upright by its EXIF orientation, to the same pixels as Pillow, bit for bit, wherever
 * it may be pinned.
 * @param display how messages name the file
 */
export async function decodePicture(encoded: Uint8Array, timestamp: number, display: string): Promise<Frame> {
  try {
    return { timestamp, ...(await decodeRgb(encoded)) };
  } catch (cause) {
    const message = `cannot be decoded: ${reasonOf(cause)}`;
    throw new CouldNotRun({ file: display, message, remedy: 'restore the picture, or save it anew' }, { cause });
  }
}

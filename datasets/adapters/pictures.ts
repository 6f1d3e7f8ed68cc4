import sharp from 'sharp';
import { CouldNotRun, reasonOf } from '#kernel';
import type { Frame } from '../dataset.ts';

/**
 * Decodes one picture of a clip to RGB, turned upright by its EXIF orientation. Colour profiles and alpha are passed over, as
 * Pillow and OpenCV do: JPEGs give the same pixels as theirs, bit for bit.
 * @param display how messages name the file
 */
export async function decodePicture(encoded: Uint8Array, timestamp: number, display: string): Promise<Frame> {
  try {
    const image = sharp(encoded, { failOn: 'error', ignoreIcc: true }).autoOrient().toColourspace('srgb').removeAlpha();
    const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    return { timestamp, width: info.width, height: info.height, pixels: data };
  } catch (cause) {
    const message = `cannot be decoded: ${reasonOf(cause)}`;
    throw new CouldNotRun({ file: display, message, remedy: 'restore the picture, or save it anew' }, { cause });
  }
}

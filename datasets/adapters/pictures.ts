import sharp from 'sharp';
import { CouldNotRun, reasonOf } from '#kernel';
import type { Frame } from '../dataset.ts';
import { isPicture, MOST_PIXELS, PICTURE_SECONDS } from '../picture-kind.ts';

/**
 * Decodes one picture of a clip to RGB, turned upright by its EXIF orientation. Colour profiles and alpha are passed over, as
 * Pillow and OpenCV do: JPEGs give the same pixels as theirs, bit for bit.
 * @param display how messages name the file
 */
export async function decodePicture(encoded: Uint8Array, timestamp: number, display: string): Promise<Frame> {
  try {
    if (!isPicture(encoded)) throw new Error('it is no picture of a kind that is read');
    const options = { failOn: 'error', ignoreIcc: true, limitInputPixels: MOST_PIXELS } as const;
    const image = sharp(encoded, options).timeout({ seconds: PICTURE_SECONDS }).autoOrient().toColourspace('srgb').removeAlpha();
    const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    return { timestamp, width: info.width, height: info.height, pixels: data };
  } catch (cause) {
    const message = `cannot be decoded: ${reasonOf(cause)}`;
    throw new CouldNotRun({ file: display, message, remedy: 'restore the picture, or save it anew' }, { cause });
  }
}

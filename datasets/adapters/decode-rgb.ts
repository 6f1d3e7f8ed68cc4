import type { Metadata } from 'sharp';
import { bitmapSize, netpbmSize, pictureKind, readBitmap, readNetpbm, type PictureKind, type RgbPixels } from '#kernel';
import { MOST_PIXELS, PICTURE_SECONDS } from '../picture-kind.ts';

/** Decoding with the whole of a file in order: what is cut off is refused, as Pillow refuses it. */
const STRICT = { failOn: 'error', ignoreIcc: true, limitInputPixels: MOST_PIXELS } as const;

/**
 * A picture as 8-bit RGB, upright by its EXIF orientation; colour profiles and alpha are passed over. Of a moving picture the
 * first frame.
 * @throws Error when it is no picture of a kind that is read, or is broken
 */
export async function decodeRgb(encoded: Uint8Array): Promise<RgbPixels> {
  const kind = kindOf(encoded);
  if (kind === 'bmp') return readBitmap(encoded, MOST_PIXELS);
  if (kind === 'netpbm') return readNetpbm(encoded, MOST_PIXELS);
  const { default: sharp } = await import('sharp');
  const image = sharp(encoded, STRICT).timeout({ seconds: PICTURE_SECONDS }).autoOrient().toColourspace('srgb').removeAlpha();
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
}

/** Width and height as it is seen upright, from the header alone. @param header at least its first bytes @throws Error as above */
export async function sizeOf(header: Uint8Array, path: string): Promise<{ width: number; height: number }> {
  const kind = kindOf(header);
  if (kind === 'bmp') return bitmapSize(header, MOST_PIXELS);
  if (kind === 'netpbm') return netpbmSize(header, MOST_PIXELS);
  const { default: sharp } = await import('sharp');
  const { autoOrient } = await sharp(path, STRICT).metadata();
  return { width: autoOrient.width, height: autoOrient.height };
}

/**
 * Why a picture that can be decoded is not fit to be pinned: not every reader would see the same in it, and so a score could hang on
 * which library a model was built with. Undefined when it is fit.
 */
export async function unfitness(encoded: Uint8Array): Promise<string | undefined> {
  const kind = kindOf(encoded);
  if (kind === 'bmp' || kind === 'netpbm') return undefined;
  if (kind === 'avif') return 'is AVIF, whose colours come out different from one decoder to the next';
  const { default: sharp } = await import('sharp');
  const metadata = await sharp(encoded, STRICT).metadata();
  return (
    ofColours(kind, metadata) ??
    (kind === 'gif' && (await isSeeThrough(encoded)) ? 'is a GIF that is partly see-through' : undefined)
  );
}

function ofColours(kind: PictureKind, { space, depth, channels }: Metadata): string | undefined {
  if (space === 'cmyk') return 'is CMYK, which is made for print';
  if (space === 'grey16') return 'is grey with 16 bits, of which nobody agrees what is white';
  if (kind === 'tiff' && depth !== 'uchar')
    return `is a TIFF of ${depth === 'ushort' ? '16 bits' : 'numbers that are not whole'}`;
  if (space === 'srgb' || space === 'b-w' || space === 'rgb16') return undefined;
  return `has colours of a kind that is not read (${space}, ${channels} channels)`;
}

async function isSeeThrough(encoded: Uint8Array): Promise<boolean> {
  const { default: sharp } = await import('sharp');
  const { channels } = await sharp(encoded, STRICT).ensureAlpha().stats();
  return (channels[3]?.min ?? 255) < 255;
}

function kindOf(encoded: Uint8Array): PictureKind {
  const kind = pictureKind(encoded);
  if (kind === undefined) throw new Error('it is no JPEG, PNG, WebP, GIF, TIFF, BMP, PGM or PPM');
  return kind;
}

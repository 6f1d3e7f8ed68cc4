import { readBitmap, readNetpbm, reasonOf, type RgbPixels } from '#kernel';
import sharp from 'sharp';
import { BadRequest, pictureFormat, type Picture, type PictureReader } from '../picture.ts';

/** 10,000 x 10,000: larger pictures are refused before they are decoded. */
const MAX_PIXELS = 1e8;

/**
 * Decodes with libjpeg-turbo, libspng and libwebp to exactly their pixels, all of them: shrinking while decoding is a shortcut
 * that changes pixels, and a raw frame could not take it. Grey becomes RGB, alpha is dropped, CMYK is converted with its
 * embedded profile or a default one; colour profiles of RGB pictures are ignored, as PIL, OpenCV and torchvision do.
 */
export function sharpPictureReader(): PictureReader {
  // One thread a picture: there are several pictures, or the model needs the others.
  sharp.concurrency(1);
  sharp.cache(false);
  return {
    async decode(encoded, orientation) {
      const format = pictureFormat(encoded);
      if (format === null) {
        throw new BadRequest(`${encoded.byteLength} bytes that are no JPEG, PNG or WebP, nor another kind that is read`);
      }
      try {
        if (format === 'bmp') return asPicture(readBitmap(encoded, MAX_PIXELS));
        if (format === 'netpbm') return asPicture(readNetpbm(encoded, MAX_PIXELS));
        const { data, info } = await sharp(encoded, {
          failOn: 'error',
          limitInputPixels: MAX_PIXELS,
          ignoreIcc: true,
          autoOrient: orientation === 'exif',
        })
          .toColourspace('srgb')
          .removeAlpha()
          .raw({ depth: 'uchar' })
          .toBuffer({ resolveWithObject: true });
        return { width: info.width, height: info.height, rgb: data };
      } catch (cause) {
        throw new BadRequest(`a picture that can't be decoded: ${reasonOf(cause)}`, { cause });
      }
    },
    resize({ width, height, rgb }, plan, kernel) {
      return sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: MAX_PIXELS })
        .resize({ ...plan.resize, fit: 'fill', kernel })
        .extract(plan.window)
        .raw()
        .toBuffer();
    },
  };
}

/** What libvips reads no more, and is plain enough to be read here. */
function asPicture({ width, height, pixels }: RgbPixels): Picture {
  return { width, height, rgb: pixels };
}

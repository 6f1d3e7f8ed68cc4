import sharp from 'sharp';
import type { PictureStore } from '../picture-store.ts';

/** What is left of the longer side, in pixels. */
const LEFT = 28;

/**
 * Blurs each picture as a whole: it is made so small that a face has a few pixels at most, and enlarged again. That is no
 * face detector: light, place and shapes remain, and so does whatever can be told from them.
 */
export function blurredPictures(store: PictureStore): PictureStore {
  return { put: async (pictures) => await store.put(await Promise.all(pictures.map(blurred))) };
}

async function blurred(jpeg: Uint8Array): Promise<Uint8Array> {
  const { width, height } = await sharp(jpeg).metadata();
  const scale = Math.min(1, LEFT / Math.max(width, height));
  const size = (side: number) => Math.max(1, Math.round(side * scale));
  const small = await sharp(jpeg).resize(size(width), size(height), { fit: 'fill' }).raw().toBuffer({ resolveWithObject: true });
  const { width: narrow, height: low, channels } = small.info;
  return await sharp(small.data, { raw: { width: narrow, height: low, channels } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .jpeg({ quality: 70 })
    .toBuffer();
}

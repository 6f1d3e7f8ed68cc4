import type { Sharp } from 'sharp';
import { CouldNotRun, reasonOf } from '#kernel';
import { isPicture, MOST_PIXELS, PICTURE_SECONDS } from '../picture-kind.ts';
import { drawBoxes } from './draw-boxes.ts';
import { sideBySide } from './side-by-side.ts';
import type { Box, MarkedBox, Picture, Thumbnail, Thumbnailer } from '../thumbnailer.ts';

const QUALITY = 80;

type Options = { maxWidth?: number; mark?: Box; boxes?: readonly MarkedBox[]; beside?: readonly Picture[] };

export class SharpThumbnailer implements Thumbnailer {
  async thumbnail(picture: Picture, { beside = [], ...options }: Options = {}): Promise<Thumbnail> {
    const { maxWidth = 320, mark, boxes = [] } = options;
    if (beside.length > 0) {
      const others = await Promise.all(beside.map(async (other) => await this.thumbnail(other, { maxWidth })));
      return await sideBySide(await this.thumbnail(picture, options), others, QUALITY);
    }
    try {
      if ('encoded' in picture && !isPicture(picture.encoded)) throw new Error('it is no picture of a kind that is read');
      const upright = await openPicture(picture);
      const source = await upright.toBuffer({ resolveWithObject: true });
      const { width, height, channels } = source.info;
      const scale = Math.min(1, maxWidth / width);
      const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
      const { default: sharp } = await import('sharp');
      const small = sharp(source.data, { raw: { width, height, channels } }).resize({ ...size, fit: 'fill' });
      const drawings = [
        ...(mark === undefined ? [] : [drawBox(mark, size, scale)]),
        ...(boxes.length === 0 ? [] : [drawBoxes(boxes, size, scale)]),
      ];
      const marked =
        drawings.length === 0 ? small : small.composite(drawings.map((drawing) => ({ input: Buffer.from(drawing) })));
      const { data, info } = await marked.jpeg({ quality: QUALITY }).toBuffer({ resolveWithObject: true });
      return { jpeg: data, width: info.width, height: info.height, scale };
    } catch (cause) {
      const message = `cannot be made into a thumbnail: ${reasonOf(cause)}`;
      throw new CouldNotRun({ file: 'picture', message, remedy: 'see whether the image opens in a viewer' }, { cause });
    }
  }
}

/** What decodes is loaded for the first picture that is shown. */
async function openPicture(picture: Picture): Promise<Sharp> {
  const { default: sharp } = await import('sharp');
  const { width, height } = 'encoded' in picture ? { width: 0, height: 0 } : picture;
  const image =
    'encoded' in picture
      ? sharp(picture.encoded, { failOn: 'error', limitInputPixels: MOST_PIXELS })
          .timeout({ seconds: PICTURE_SECONDS })
          .autoOrient()
      : sharp(picture.pixels, { raw: { width, height, channels: 3 } });
  return image.flatten().toColourspace('srgb').raw({ depth: 'uchar' });
}

/** White around black, so that it is seen on any ground. */
function drawBox(box: Box, size: { width: number; height: number }, scale: number): string {
  const [x, y] = [box.x1 * scale, box.y1 * scale];
  const [width, height] = [(box.x2 - box.x1) * scale, (box.y2 - box.y1) * scale];
  const line = (colour: string, stroke: number) =>
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="${colour}" stroke-width="${stroke}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${line('white', 4)}${line('black', 2)}</svg>`;
}

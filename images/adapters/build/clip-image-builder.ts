import { CouldNotRun, formatBytes, type Progress, type ReplayClip } from '#kernel';
import type { BuiltImage } from '../../image.ts';
import type { ClipImageBuilder as Port, ClipRequest } from '../../image-builder.ts';
import { planLayer, type LayerEntry } from '../../layer.ts';
import { describeImage, imageConfig } from '../../manifest.ts';
import { underOneDigest } from './build-on-platforms.ts';
import { addImage } from '../store/add-image.ts';
import type { FileImageStore } from '../store/file-image-store.ts';

/** More would be a burden for the links that the replay is for; a minute of 640 x 480 at 2.5 frames per second is a third of it. */
const MOST_BYTES = 128 * 1024 * 1024;

/**
 * The frames of a clip as an image without base: clip.json and a lossless WebP for each frame, about half of the raw pixels,
 * which the runtime can decode to exactly the same ones.
 */
export class PictureClipImageBuilder implements Port {
  readonly #store: FileImageStore;

  constructor({ store }: { store: FileImageStore }) {
    this.#store = store;
  }

  async build({ clip, platforms, frames }: ClipRequest, progress: Progress): Promise<BuiltImage> {
    progress.step(`pack the clip ${clip}`);
    const entries: (LayerEntry & { kind: 'bytes' })[] = [];
    const listed: ReplayClip['frames'] = [];
    let size = 0;
    const { default: sharp } = await import('sharp');
    for await (const { timestamp, width, height, pixels } of frames) {
      const path = `frames/${String(entries.length).padStart(5, '0')}.webp`;
      const bytes = await sharp(pixels, { raw: { width, height, channels: 3 } })
        .webp({ lossless: true })
        .toBuffer();
      size += bytes.byteLength;
      if (size > MOST_BYTES) throw tooLarge(clip);
      entries.push({ kind: 'bytes', path, bytes });
      listed.push({ file: path, timestamp });
    }
    const description = `${JSON.stringify({ version: 1, clip, frames: listed } satisfies ReplayClip)}\n`;
    const layer = planLayer([{ kind: 'text', path: 'clip.json', text: description }, ...entries]);
    const images: BuiltImage[] = [];
    for (const platform of platforms) {
      const image = await addImage(this.#store, [layer], (blobs) => {
        const diffIds = blobs.map((blob) => blob.digest);
        return describeImage('clip', imageConfig(platform, diffIds, null), blobs, { 'org.opencontainers.image.title': clip });
      });
      images.push(image);
    }
    return await underOneDigest(platforms, images, this.#store);
  }
}

function tooLarge(clip: string): CouldNotRun {
  return new CouldNotRun({
    file: clip,
    message: `its frames take more than ${formatBytes(MOST_BYTES)}, which every site would have to download`,
    remedy: 'name a shorter clip in deploy.verify',
  });
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '#kernel';
import type { BuiltImage } from '../../image.ts';
import type { BuildRequest, ImageBuilder } from '../../image-builder.ts';
import { blobPath, indexOf, type IndexEntry } from '../../manifest.ts';
import { parseManifest } from '../../manifest-schema.ts';
import type { FileImageStore } from '../store/file-image-store.ts';

/** For one platform, the image itself; for several, an image for each of them by one index, whose digest is then what is pinned. */
export async function buildOnPlatforms(
  platforms: readonly string[],
  request: Omit<BuildRequest, 'platform'>,
  progress: Progress,
  { builder, store }: { builder: ImageBuilder; store: FileImageStore },
): Promise<BuiltImage> {
  const images: BuiltImage[] = [];
  for (const platform of platforms) images.push(await builder.build({ ...request, platform }, progress));
  return await underOneDigest(platforms, images, store);
}

/** @param images of the platforms, in their order */
export async function underOneDigest(
  platforms: readonly string[],
  images: readonly BuiltImage[],
  store: FileImageStore,
): Promise<BuiltImage> {
  const [only, ...others] = images;
  if (only === undefined) throw new RangeError('an image is for one platform at least');
  if (others.length === 0) return only;
  const entries = images.map(async ({ digest, layout }, at): Promise<IndexEntry> => {
    const manifest = await readFile(join(layout, blobPath(digest)), 'utf8');
    const { mediaType } = parseManifest(manifest, layout);
    return { digest, mediaType, size: Buffer.byteLength(manifest), platform: platforms[at] ?? '' };
  });
  return await store.addIndex(indexOf(await Promise.all(entries)));
}

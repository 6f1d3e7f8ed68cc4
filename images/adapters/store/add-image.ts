import { CouldNotRun } from '#kernel';
import type { Blob, BuiltImage } from '../../image.ts';
import type { LayerEntry } from '../../layer.ts';
import type { ImageDescription } from '../../manifest.ts';
import type { FileImageStore } from './file-image-store.ts';
import { writeLayer } from './layer-writer.ts';

/**
 * Hashes the layers first, which is several times faster than writing them, and writes them only when the store has not
 * got the image yet.
 */
export async function addImage(
  store: FileImageStore,
  layers: readonly (readonly LayerEntry[])[],
  describe: (blobs: readonly Blob[]) => ImageDescription,
  signal?: AbortSignal,
): Promise<BuiltImage> {
  const blobs: Blob[] = [];
  for (const layer of layers) blobs.push(await writeLayer(layer, null, signal));
  const description = describe(blobs);
  const there = await store.find(description.digest);
  if (there !== undefined) return there;
  return await store.add(async (draft) => {
    for (const [index, layer] of layers.entries()) {
      const blob = blobs[index];
      if (blob !== undefined && (await store.holdsLayer(blob))) {
        await draft.reuseLayer(blob);
        continue;
      }
      const written = await draft.addLayer((path) => writeLayer(layer, path, signal));
      if (written.digest !== blobs[index]?.digest) throw changed(layer);
    }
    return description;
  });
}

function changed(layer: readonly LayerEntry[]): CouldNotRun {
  const file = layer.flatMap((entry) => (entry.kind === 'file' ? [entry.source] : []))[0] ?? 'the image';
  return new CouldNotRun({
    file,
    message: 'changed while the image was being made of it',
    remedy: 'try again when nothing else writes to it',
  });
}

import { createHash } from 'node:crypto';
import { constants, copyFile, mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { CouldNotRun, digestOf, hexOf, reasonOf, type Digest } from '#kernel';
import type { Blob, BuiltImage } from '../../image.ts';
import { blobPath, describeManifest, kindOf } from '../../manifest.ts';
import { parseIndex, parseManifest } from '../../manifest-schema.ts';
import type { FileImageStore } from './file-image-store.ts';

/**
 * Images on their way between machines: a folder with an OCI layout for each, named by its digest. Whoever carried it is not
 * trusted: nothing is opened but files whose names are digests, and every byte is hashed when it is read.
 */
const MOST_SMALL_BYTES = 8 * 1024 * 1024;
const CHUNK = 1024 * 1024;

/** Writes the layout of an image into the folder. */
export async function sendImage(image: BuiltImage, folder: string): Promise<void> {
  const layout = join(folder, hexOf(image.digest));
  await mkdir(join(layout, 'blobs', 'sha256'), { recursive: true });
  // Images of several platforms share their layers: each blob is there once.
  for (const one of image.index?.images ?? [image]) {
    for (const { digest } of [{ digest: one.digest }, one.config, ...one.layers]) await copyBlob(digest, one.layout, layout);
  }
  await copyBlob(image.digest, image.layout, layout);
  for (const name of ['oci-layout', 'index.json']) await copyFile(join(image.layout, name), join(layout, name));
}

/**
 * Takes the image of this digest out of the folder into a store.
 * @throws CouldNotRun when it is not there, when any blob of it is not what its digest says, and for links and the like
 */
export async function receiveImage(digest: Digest, folder: string, store: FileImageStore): Promise<BuiltImage> {
  const there = await store.find(digest);
  if (there !== undefined) return there;
  const layout = join(folder, hexOf(digest));
  const text = await readSmall(layout, { digest, size: null });
  const index = parseIndex(text, `the image ${digest}`);
  if (index === undefined) return await receiveOne(text, layout, store);
  for (const one of index.images) await receiveOne(await readSmall(layout, { digest: one, size: null }), layout, store);
  return await store.addIndex(text);
}

/** @throws CouldNotRun for an index too: none lies in another */
async function receiveOne(manifest: string, layout: string, store: FileImageStore): Promise<BuiltImage> {
  const digest = digestOf(manifest);
  const { mediaType, config: configBlob, layers, annotations } = parseManifest(manifest, `the image ${digest}`);
  const config = await readSmall(layout, configBlob);
  return await store.add(async (draft) => {
    for (const layer of layers) {
      // In this store by another platform's image: hashed when that was taken in.
      if (await store.holdsLayer(layer)) await draft.reuseLayer(layer);
      else await draft.addLayer(async (target) => await receiveLayer(layout, layer, target));
    }
    return describeManifest({ kind: kindOf(annotations), manifest, mediaType, config, configBlob, layers });
  });
}

async function copyBlob(digest: Digest, from: string, to: string): Promise<void> {
  await copyFile(join(from, blobPath(digest)), join(to, blobPath(digest)), constants.COPYFILE_FICLONE);
}

async function readSmall(layout: string, { digest, size }: { digest: Digest; size: number | null }): Promise<string> {
  const file = await openBlob(layout, digest, size);
  try {
    const bytes = await file.readFile();
    if (digestOf(bytes) !== digest) throw refused(digest, `it holds other bytes: ${digestOf(bytes)}`);
    return bytes.toString('utf8');
  } finally {
    await file.close();
  }
}

async function receiveLayer(layout: string, layer: Blob, target: string): Promise<Blob> {
  const file = await openBlob(layout, layer.digest, layer.size, Number.POSITIVE_INFINITY);
  try {
    const hash = createHash('sha256');
    const draft = await open(target, 'wx');
    try {
      for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: CHUNK }) as AsyncIterable<Uint8Array>) {
        hash.update(chunk);
        await draft.writeFile(chunk);
      }
      await draft.datasync();
    } finally {
      await draft.close();
    }
    const found = `sha256:${hash.digest('hex')}`;
    if (found !== layer.digest) throw refused(layer.digest, `it holds other bytes: ${found}`);
    return layer;
  } finally {
    await file.close();
  }
}

/** A plain file of the size that its manifest tells; a link, a pipe or a device is none, and would not even be waited for. */
async function openBlob(layout: string, digest: Digest, size: number | null, most = MOST_SMALL_BYTES): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(join(layout, blobPath(digest)), flags).catch((cause: unknown) => {
    throw refused(digest, `it cannot be opened: ${reasonOf(cause)}`);
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw refused(digest, 'it is no plain file');
    if (stats.size > most) throw refused(digest, `it has ${stats.size} bytes, and ${most} are read of such a file`);
    if (size !== null && stats.size !== size) throw refused(digest, `it has ${stats.size} bytes, its manifest says ${size}`);
    return file;
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

function refused(digest: Digest, message: string): CouldNotRun {
  return new CouldNotRun({
    file: `the image blob ${digest}`,
    message,
    remedy: 'make and carry the images again; when it happens again, see who could write to them on the way',
  });
}

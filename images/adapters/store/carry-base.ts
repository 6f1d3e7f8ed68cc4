import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CouldNotRun, digestOf, hexOf, isDigest, type Digest } from '#kernel';
import type { BuiltImage } from '../../image.ts';
import type { Registry } from '../../registry.ts';
import { imageFor } from '../../manifest-schema.ts';
import { readPlainText } from '../build/plain-text.ts';
import { receiveImage, sendImage } from './carry-image.ts';
import type { FileImageStore } from './file-image-store.ts';

/**
 * Base images on their way from a job that may read a private registry to one that builds a stranger's Dockerfile and is logged in
 * nowhere: layouts as images are carried, and beside them the index of those that have one, by its digest.
 */
const LARGEST_INDEX = 4 * 1024 * 1024;

/** @throws CouldNotRun when the registry does not give it, or has none for the platform */
export async function sendBase(
  { reference, platform }: { reference: string; platform: string },
  registry: Registry,
  folder: string,
): Promise<void> {
  const [name = '', digest = ''] = reference.split('@');
  if (!isDigest(digest)) throw new TypeError(`${reference} names no digest`);
  const text = await registry.manifest(reference);
  const image = imageFor(platform, { digest, text, where: reference });
  await sendImage(await registry.pull(`${name}@${image}`), folder);
  await mkdir(folder, { recursive: true });
  if (image !== digest) await writeFile(indexIn(folder, digest), text);
}

/**
 * Null where it was not brought. Whoever carried it is not trusted.
 * @throws CouldNotRun when something of it is not what its digest says
 */
export async function receiveBase(
  digest: Digest,
  platform: string,
  { folder, store }: { folder: string; store: FileImageStore },
): Promise<BuiltImage | null> {
  const index = await readPlainText(indexIn(folder, digest), LARGEST_INDEX);
  if ('text' in index) {
    if (digestOf(index.text) !== digest) throw otherIndex(digest);
    return await receiveImage(imageFor(platform, { digest, text: index.text, where: `the image ${digest}` }), folder, store);
  }
  return (await receiveCarried(digest, { folder, store })) ?? null;
}

/** An image that a job with a login brought, as `receiveImage` does; undefined where it brought none of this digest. */
export async function receiveCarried(
  digest: Digest,
  { folder, store }: { folder: string; store: FileImageStore },
): Promise<BuiltImage | undefined> {
  const there = await stat(join(folder, hexOf(digest))).catch(() => null);
  return there === null ? undefined : await receiveImage(digest, folder, store);
}

function indexIn(folder: string, digest: Digest): string {
  return join(folder, `${hexOf(digest)}.json`);
}

function otherIndex(digest: Digest): CouldNotRun {
  const remedy = 'run fieldproof fetch again; when it happens again, see who could write to what it brought';
  return new CouldNotRun({ file: `the image ${digest}`, message: 'its index is another one', remedy });
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { CouldNotRun, formatBytes, type Digest } from '#kernel';
import { layerType, linkTarget, readArchiveIndex, unreadableArchive } from '../../docker-archive.ts';
import type { Blob } from '../../image.ts';
import { LAYER_TYPE } from '../../manifest.ts';
import { parseConfig } from '../../manifest-schema.ts';
import type { ImageDraft } from '../store/file-image-store.ts';
import { tarEntries, type TarEntry } from '../store/layer-reader.ts';

/** A file of the export as it lies in the draft's scratch folder. */
type Spooled = { path: string; digest: Digest; size: number; start: Uint8Array };

/**
 * Takes an image that an engine exports into a draft: config and layers byte for byte, every layer checked against the
 * config's diffIDs.
 * @throws CouldNotRun when it is larger than `mostBytes`, or not what its config says
 */
export async function takeExport(
  exported: AsyncIterable<Uint8Array>,
  draft: ImageDraft,
  mostBytes: number,
): Promise<{ config: string; layers: Blob[] }> {
  const files = await spool(exported, draft.scratch, mostBytes);
  const fileNamed = (name: string) => files.get(name) ?? fail(`it has no ${name}`);
  const index = readArchiveIndex(await readFile(fileNamed('manifest.json').path, 'utf8'));
  const config = await readFile(fileNamed(index.config).path, 'utf8');
  const { diffIds } = parseConfig(config, index.config);
  if (diffIds.length !== index.layers.length) fail('it has not as many layers as its config names');
  const layers: Blob[] = [];
  const taken = new Map<string, Blob>();
  for (const [position, name] of index.layers.entries()) {
    const file = fileNamed(name);
    const layer = taken.get(file.path) ?? (await takeLayer(file, diffIds[position], draft));
    taken.set(file.path, layer);
    layers.push(layer);
  }
  return { config, layers };
}

async function takeLayer(file: Spooled, diffId: Digest | undefined, draft: ImageDraft): Promise<Blob> {
  const mediaType = layerType(file.start);
  const unpacked = mediaType === LAYER_TYPE ? file.digest : await unpackedDigest(file.path, mediaType);
  if (unpacked !== diffId) fail(`a layer is ${unpacked} and should be ${diffId}`);
  return await draft.addLayer(async (path) => {
    await rename(file.path, path);
    return { digest: file.digest, size: file.size, mediaType };
  });
}

async function unpackedDigest(path: string, mediaType: string): Promise<Digest> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), mediaType.endsWith('gzip') ? createGunzip() : createZstdDecompress(), hash);
  return `sha256:${hash.digest('hex')}`;
}

async function spool(exported: AsyncIterable<Uint8Array>, scratch: string, mostBytes: number): Promise<Map<string, Spooled>> {
  const files = new Map<string, Spooled>();
  const links = new Map<string, string>();
  let bytes = 0;
  for await (const entry of tarEntries(exported)) {
    const { name, type, linkname, size } = entry.header;
    bytes += size;
    if (bytes > mostBytes) throw tooLarge(mostBytes);
    if (type === 'symlink') links.set(name, linkTarget(name, linkname));
    // Named by number: an archive's own names never become paths on this host.
    if (type === 'file') files.set(name, await spoolFile(entry, join(scratch, `export-${files.size}`)));
    else entry.resume();
  }
  for (const [name, target] of links) {
    const file = files.get(target);
    if (file !== undefined) files.set(name, file);
  }
  return files;
}

async function spoolFile(entry: TarEntry, path: string): Promise<Spooled> {
  const file = await open(path, 'wx');
  try {
    const hash = createHash('sha256');
    let size = 0;
    let start: Uint8Array = new Uint8Array();
    for await (const chunk of entry) {
      if (size === 0) start = chunk.slice(0, 4);
      size += chunk.length;
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.datasync();
    return { path, digest: `sha256:${hash.digest('hex')}`, size, start };
  } finally {
    await file.close();
  }
}

function fail(reason: string): never {
  throw unreadableArchive(reason);
}

function tooLarge(mostBytes: number): CouldNotRun {
  return new CouldNotRun({
    file: 'docker save',
    message: `the built image is larger than ${formatBytes(mostBytes)}`,
    remedy: 'make the image smaller: a slimmer base, fewer packages, weights that are needed only',
  });
}

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { CouldNotRun } from '#kernel';
import { pack, type Pack } from 'tar-stream';
import type { Blob } from '../../image.ts';
import { modeOf, type LayerEntry } from '../../layer.ts';
import { LAYER_TYPE } from '../../manifest.ts';

const CHUNK = 1024 * 1024;
const EPOCH = new Date(0);

/**
 * The planned entries as a tar whose bytes depend on them alone. Every chunk is hashed; with a `target` it is also written
 * there and flushed to the disk.
 * @throws CouldNotRun when a file is no longer what was planned
 */
export async function writeLayer(entries: readonly LayerEntry[], target: string | null, signal?: AbortSignal): Promise<Blob> {
  const file = target === null ? null : await open(target, 'wx');
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of tarOf(entries)) {
      signal?.throwIfAborted();
      hash.update(chunk);
      size += chunk.length;
      await file?.writeFile(chunk);
    }
    await file?.datasync();
    return { digest: `sha256:${hash.digest('hex')}`, size, mediaType: LAYER_TYPE };
  } finally {
    await file?.close();
  }
}

/** The bytes of the tar. Also what a build context is sent as. */
export async function* tarOf(entries: readonly LayerEntry[]): AsyncGenerator<Uint8Array> {
  const tar = pack();
  const feeding = feed(tar, entries).catch((error: unknown) =>
    tar.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  try {
    for await (const chunk of tar as AsyncIterable<Uint8Array>) yield chunk;
  } finally {
    tar.destroy();
    await feeding;
  }
}

async function feed(tar: Pack, entries: readonly LayerEntry[]): Promise<void> {
  const closed = new Promise<void>((resolve) => tar.once('close', () => resolve()));
  for (const entry of entries) {
    const header = { name: entry.path, mode: modeOf(entry), uid: 0, gid: 0, mtime: EPOCH };
    if (entry.kind === 'folder') tar.entry({ ...header, name: `${entry.path}/`, type: 'directory' });
    else if (entry.kind === 'link') tar.entry({ ...header, type: 'symlink', linkname: entry.target });
    else if (entry.kind === 'text') tar.entry({ ...header, type: 'file' }, Buffer.from(entry.text));
    else if (entry.kind === 'bytes') tar.entry({ ...header, type: 'file' }, Buffer.from(entry.bytes));
    else await copyFile(tar, { ...header, type: 'file', size: entry.size }, entry.source, closed);
  }
  tar.finalize();
}

type FileHeader = { name: string; mode: number; uid: number; gid: number; mtime: Date; type: 'file'; size: number };

async function copyFile(tar: Pack, header: FileHeader, source: string, closed: Promise<unknown>): Promise<void> {
  const file = await open(source, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size !== header.size) throw changed(source);
    const sink = tar.entry(header);
    let left = header.size;
    while (left > 0) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(CHUNK, left)));
      if (bytesRead === 0) throw changed(source);
      left -= bytesRead;
      if (tar.destroyed) return;
      if (!sink.write(buffer.subarray(0, bytesRead))) await Promise.race([once(sink, 'drain'), closed]);
    }
    sink.end(null);
  } finally {
    await file.close();
  }
}

function changed(source: string): CouldNotRun {
  return new CouldNotRun({
    file: source,
    message: 'changed while it was being read',
    remedy: 'try again when nothing else writes to it',
  });
}

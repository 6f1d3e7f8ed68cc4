import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ModelRepository } from '../model-repository.ts';

/** Folders of a repository as they lie there, committed or not, for whoever scores what is being worked on. */
export function workingFiles(folder: string): Pick<ModelRepository, 'treeOf' | 'extract'> {
  return {
    treeOf: async (_, path) => await digestBelow(resolve(folder, path)),
    // Nothing is copied: whoever builds a folder reads it alone.
    extract: async (_, path) => resolve(folder, path),
  };
}

/** Over the names and bytes of all files below a folder; null where there is no such folder. */
async function digestBelow(folder: string): Promise<string | null> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => null);
  if (entries === null) return null;
  const hash = createHash('sha256');
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.toSorted()) {
    hash.update(`${file.slice(folder.length)}\0`);
    await pipeline(createReadStream(file), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) hash.update(chunk);
    });
  }
  return hash.digest('hex');
}

import { readdir, readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { CouldNotRun, reasonOf, type Digest } from '#kernel';
import type { Footage, FootageFile } from '../footage.ts';
import { FileDataset } from './file-dataset.ts';
import { digestOfFile, PinnedFiles, type PinnedFile } from './pinned-files.ts';

/** As much as is said of a clip at most, in bytes. */
export const LARGEST_TEXT = 64 * 1024;

/** A folder that cameras, or a sync of theirs, write clips into. Links are not followed. */
export function folderFootage(folder: string): Footage {
  const files = new PinnedFiles();
  return {
    place: folder,
    async list() {
      const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((cause: unknown) => {
        const remedy = 'mount it, or correct `source` under replays in fieldproof.yaml';
        throw new CouldNotRun({ file: folder, message: `the footage cannot be listed: ${reasonOf(cause)}`, remedy }, { cause });
      });
      const found = entries
        .filter((entry) => entry.isFile())
        .map(async (entry): Promise<FootageFile[]> => {
          const path = join(entry.parentPath, entry.name);
          const stats = await stat(path).catch(() => undefined);
          const name = path.slice(folder.length + (folder.endsWith(sep) ? 0 : 1)).replaceAll(sep, '/');
          return stats === undefined ? [] : [{ name, bytes: stats.size, modifiedAt: stats.mtime.toISOString() }];
        });
      return (await Promise.all(found)).flat().toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    async readText({ name, bytes }) {
      if (bytes > LARGEST_TEXT) throw tooLarge(join(folder, name));
      return await readFile(join(folder, name), 'utf8').catch((cause: unknown) => unreadable(join(folder, name), cause));
    },
    async pin({ name }) {
      const path = join(folder, name);
      const pin = await digestOfFile(path).catch((cause: unknown) => unreadable(path, cause));
      const { size } = await stat(path).catch((cause: unknown) => unreadable(path, cause));
      return { pin, bytes: size };
    },
    open: (dataset) => new FileDataset(dataset, files, (path, pin) => arrived(join(folder, path), pin)),
  };
}

/** A file that was pinned when it arrived: there is no pins file to mend. */
export function arrived(path: string, pin: Digest, display = path): PinnedFile {
  return { path, pin, display, pinsFile: 'its arrival', manifest: null, telling: 'what was found' };
}

export function tooLarge(file: string): CouldNotRun {
  return new CouldNotRun({
    file,
    message: 'is larger than 64 KiB',
    remedy: 'keep what is said of a clip to site, time and conditions',
  });
}

function unreadable(file: string, cause: unknown): never {
  throw new CouldNotRun(
    { file, message: `cannot be read: ${reasonOf(cause)}`, remedy: 'see its rights, and that it is still there' },
    { cause },
  );
}

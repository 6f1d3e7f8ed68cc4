import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { CouldNotRun, silentProgress, type Digest, type Progress } from '#kernel';
import { formatPins, readPins } from '../pins.ts';
import { digestOfFile } from './pinned-files.ts';
import { gatherDataset } from './gather-dataset.ts';
import { openManifest } from './manifest-texts.ts';

/** What pinning changed, by path below the root. `file` is the pins file, below the repository's root. */
export type PinnedDataset = {
  file: string;
  pinned: number;
  added: readonly string[];
  changed: readonly string[];
  removed: readonly string[];
};

/**
 * Writes a dataset's pins anew from the files that are there, at once and whole.
 * @param manifest its path below `workingTree`, the repository's root on this machine
 * @throws CouldNotRun with every problem of the manifest and its lists; then nothing is written
 */
export async function pinDataset(
  manifest: string,
  workingTree: string,
  progress: Progress = silentProgress,
): Promise<PinnedDataset> {
  const inTree = (path: string) => posix.join(workingTree, path);
  const readTree = (path: string) => readFile(inTree(path), 'utf8').catch(absent);
  const open = await openManifest({
    name: posix.basename(manifest),
    path: manifest,
    readFile: readTree,
    data: { kind: 'disk', workingTree },
  });
  const { used, problems } = await gatherDataset(open, {
    pinned: () => false,
    read: (path) => readFile(open.folder.locate(path)),
  });
  if (problems.length > 0) throw new CouldNotRun(problems);
  progress.step(`pin ${manifest}`, used.length);
  const pins = new Map<string, Digest>();
  for (const { path } of used) {
    pins.set(path, await digestOfFile(open.folder.locate(path)));
    progress.advance();
  }
  const before = readPins((await readTree(open.pinsFile)) ?? '', open.pinsFile).value;
  await writeWhole(inTree(open.pinsFile), formatPins(pins));
  return {
    file: open.pinsFile,
    pinned: pins.size,
    added: [...pins.keys()].filter((path) => !before.has(path)),
    changed: [...pins].filter(([path, digest]) => before.has(path) && before.get(path)?.digest !== digest).map(([path]) => path),
    removed: [...before.keys()].filter((path) => !pins.has(path)),
  };
}

async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text, { flush: true });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

function absent(cause: NodeJS.ErrnoException): undefined {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
  throw cause;
}

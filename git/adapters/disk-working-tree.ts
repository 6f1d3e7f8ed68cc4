import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CouldNotRun } from '#kernel';
import type { WorkingTree } from '../working-tree.ts';

export function openWorkingTree(folder: string): WorkingTree {
  const at = (path: string) => resolve(folder, path);
  return {
    folder,
    exists: (path) =>
      stat(at(path)).then(
        () => true,
        () => false,
      ),
    async read(path) {
      return await readFile(at(path), 'utf8').catch(unreadable(path));
    },
    readBytes: (path) => readFile(at(path)).catch(unreadable(path)),
    async copy(from, to) {
      await mkdir(dirname(at(to)), { recursive: true });
      await copyFile(at(from), at(to), constants.COPYFILE_EXCL).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'EEXIST') unreadable(from)(cause);
      });
    },
    write: (path, text) => writeAtomically(at(path), text, path),
    async list(path) {
      const entries = await readdir(at(path), { withFileTypes: true }).catch(() => []);
      return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).toSorted();
    },
  };
}

function unreadable(path: string): (cause: unknown) => never {
  return (cause) => {
    throw new CouldNotRun({ file: path, message: 'cannot be read', remedy: 'check the path and its permissions' }, { cause });
  };
}

async function writeAtomically(file: string, text: string, displayPath: string): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(draft, text);
    await rename(draft, file);
  } catch (cause) {
    throw new CouldNotRun(
      { file: displayPath, message: 'cannot be written', remedy: 'check permissions and free space' },
      { cause },
    );
  }
}

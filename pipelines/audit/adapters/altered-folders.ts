import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { constants } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ModelFolders } from '../ports.ts';

/** Altered copies lie in temporary folders, readable by whoever serves them; where the disk can, a copy takes no room. */
export function alteredFolders(temporary: string): ModelFolders {
  return {
    read: async (folder, file) => await readFile(join(folder, file)),
    copyWith: async (folder, replaced) => {
      const copy = await mkdtemp(join(temporary, 'fieldproof-audit-'));
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
        await mkdir(dirname(join(copy, path)), { recursive: true });
        const content = replaced.get(path);
        if (content === undefined) await copyFile(join(folder, path), join(copy, path), constants.COPYFILE_FICLONE);
        else await writeFile(join(copy, path), content);
      }
      return copy;
    },
    remove: async (folder) => await rm(folder, { recursive: true, force: true }),
  };
}

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CouldNotRun } from '#kernel';
import type { ChipsetKey } from '../chipset.ts';
import { parseChipsetKeys, type ChipsetRegistry } from '../chipset-registry.ts';

/** Keys of chipsets in one JSON file, written whole and then renamed into place. */
export function fileChipsetRegistry(file: string): ChipsetRegistry {
  return {
    find: async (name) => (await readKeys(file))[name],
    enrol: async (name, key) => await writeKeys(file, { ...(await readKeys(file)), [name]: key }),
  };
}

async function readKeys(file: string): Promise<Readonly<Record<string, ChipsetKey>>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? {} : parseChipsetKeys(text, file);
}

async function writeKeys(file: string, keys: Record<string, ChipsetKey>): Promise<void> {
  const draft = `${file}.${process.pid}.draft`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(draft, `${JSON.stringify(keys, undefined, 2)}\n`);
    await rename(draft, file);
  } catch (cause) {
    throw new CouldNotRun(
      { file, message: 'could not be written', remedy: 'make its folder writable, with space on the disk' },
      { cause },
    );
  }
}

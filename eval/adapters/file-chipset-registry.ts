import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { CouldNotRun, parseYaml } from '#kernel';
import type { ChipsetKey } from '../chipset.ts';
import type { ChipsetRegistry } from '../chipset-registry.ts';

const keySchema = z.strictObject({
  cpuModel: z.string(),
  cpuFlags: z.array(z.string()),
  cores: z.number(),
  governor: z.string().nullable(),
  provider: z.string(),
  threads: z.number(),
});
const fileSchema = z.record(z.string(), keySchema);

/** Keys of chipsets in one JSON file, written whole and then renamed into place. */
export function fileChipsetRegistry(file: string): ChipsetRegistry {
  return {
    find: async (name) => (await readKeys(file))[name],
    enrol: async (name, key) => await writeKeys(file, { ...(await readKeys(file)), [name]: key }),
  };
}

async function readKeys(file: string): Promise<Record<string, ChipsetKey>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  // JSON is YAML: read as such, a slip of the hand is shown with its line.
  return text === undefined ? {} : parseYaml(text, file, fileSchema).value;
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

import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { FileImageStore } from '#images/adapters';

/** A store that nobody filled before us, and that goes with the process: what is in it was hashed by this very run. */
export async function freshImageStore(temporary: string): Promise<FileImageStore> {
  const folder = await mkdtemp(join(temporary, 'fieldproof-images-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return new FileImageStore(folder);
}

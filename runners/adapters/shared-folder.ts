import { chmod, cp, lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

export type SharedFolder = { path: string; remove(): Promise<void> };

/** The folder itself if anybody may read all of it; a copy that anybody may read otherwise, for the model runs as nobody. */
export async function readableByAll(folder: string): Promise<SharedFolder> {
  const path = resolve(folder);
  // By their kinds: names alone would be looked for through links too, which may lead round and round.
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = ['', ...entries.map(({ parentPath, name }) => relative(path, join(parentPath, name)))];
  const modes = await Promise.all(files.map(async (file) => await modeOf(join(path, file))));
  if (modes.every(({ mode, wanted }) => (mode & wanted) === wanted)) return { path, remove: async () => {} };
  const temp = await mkdtemp(join(tmpdir(), 'fieldproof-model-'));
  const copy = join(temp, 'model');
  await cp(path, copy, { recursive: true, dereference: false });
  for (const [index, file] of files.entries()) {
    const wanted = modes[index]?.wanted ?? 0;
    // A link is left as it is: what it names may lie outside.
    if (wanted > 0) await chmod(join(copy, file), wanted === READ_FOLDER ? 0o755 : 0o644);
  }
  return { path: copy, remove: async () => await rm(temp, { recursive: true, force: true }) };
}

const READ_FOLDER = 0o005;
const READ_FILE = 0o004;

async function modeOf(path: string): Promise<{ mode: number; wanted: number }> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return { mode: 0, wanted: 0 };
  return { mode: found.mode, wanted: found.isDirectory() ? READ_FOLDER : READ_FILE };
}

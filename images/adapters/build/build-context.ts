import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import dockerIgnore from '@balena/dockerignore';
import { CouldNotRun, formatBytes } from '#kernel';
import { planLayer, type LayerEntry } from '../../layer.ts';

export const DOCKERFILE = 'Dockerfile';
const IGNORE_FILE = '.dockerignore';
const MOST_FILES = 100_000;

/**
 * What the engine is sent: the folder without what .dockerignore names, times and owners set to zero.
 * @throws CouldNotRun on a link that leaves the folder, on devices and sockets, and on more than `mostBytes`
 */
export async function readContext(folder: string, displayPath: string, mostBytes: number): Promise<LayerEntry[]> {
  const rules = await readFile(join(folder, IGNORE_FILE), 'utf8').catch(() => '');
  const filter = dockerIgnore.default().add(rules);
  const mayReturn = rules.split('\n').some((line) => line.trim().startsWith('!'));
  const entries: LayerEntry[] = [];
  let bytes = 0;
  const visit = async (path: string): Promise<void> => {
    for (const name of (await readdir(join(folder, path))).toSorted((a, b) => (a < b ? -1 : 1))) {
      const child = path === '' ? name : `${path}/${name}`;
      const found = await lstat(join(folder, child));
      const ignored = child !== DOCKERFILE && filter.ignores(child);
      if (found.isDirectory() && (!ignored || mayReturn)) await visit(child);
      if (ignored) continue;
      entries.push(await entryOf(folder, child, displayPath));
      bytes += found.isFile() ? found.size : 0;
      if (bytes > mostBytes || entries.length > MOST_FILES) throw tooLarge(displayPath, mostBytes);
    }
  };
  await visit('');
  return planLayer(entries);
}

async function entryOf(folder: string, path: string, displayPath: string): Promise<LayerEntry> {
  const source = join(folder, path);
  const found = await lstat(source);
  if (found.isDirectory()) return { kind: 'folder', path };
  if (found.isFile()) return { kind: 'file', path, source, size: found.size, mode: found.mode & 0o100 ? 0o755 : 0o644 };
  if (found.isSymbolicLink()) {
    const target = await readlink(source);
    if (!posix.isAbsolute(target) && !posix.join(posix.dirname(path), target).startsWith('..'))
      return { kind: 'link', path, target };
    throw refused(displayPath, path, `a symbolic link out of the folder (to ${target})`);
  }
  throw refused(displayPath, path, 'neither a file nor a folder');
}

function refused(displayPath: string, path: string, what: string): CouldNotRun {
  return new CouldNotRun({
    file: join(displayPath, path),
    message: `is ${what}, which a build may not be given`,
    remedy: `put the file itself there, or name it in ${IGNORE_FILE}`,
  });
}

function tooLarge(displayPath: string, mostBytes: number): CouldNotRun {
  return new CouldNotRun({
    file: displayPath,
    message: `holds more than ${formatBytes(mostBytes)} or ${MOST_FILES} files to build from`,
    remedy: `name in ${IGNORE_FILE} what the image does not need`,
  });
}

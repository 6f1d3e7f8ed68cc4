import { lstat, readdir, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import dockerIgnore from '@balena/dockerignore';
import { CouldNotRun, formatBytes, inTime } from '#kernel';
import { planLayer, type LayerEntry } from '../../layer.ts';
import { readPlainText } from './plain-text.ts';

export const DOCKERFILE = 'Dockerfile';
const IGNORE_FILE = '.dockerignore';
const MOST_FILES = 100_000;

/** Bytes and rules: each rule is tried on each path. */
const LARGEST_IGNORE_FILE = 64 * 1024;
const MOST_RULES = 500;

/**
 * What the engine is sent: the folder without what .dockerignore names, times and owners set to zero.
 * @throws CouldNotRun on a link that leaves the folder, on devices and sockets, on more than `mostBytes`, and on a .dockerignore
 * that is no plain file, too large, or takes too long to go by
 */
export async function readContext(folder: string, displayPath: string, mostBytes: number): Promise<LayerEntry[]> {
  const ignoreFile = join(displayPath, IGNORE_FILE);
  const rules = await readRules(join(folder, IGNORE_FILE), ignoreFile);
  const paths = await pathsBelow(folder, '');
  const sent = inTime(ignoreFile, () => withoutIgnored(paths, rules, ignoreFile));
  const entries: LayerEntry[] = [];
  let bytes = 0;
  for (const path of sent) {
    const entry = await entryOf(folder, path, displayPath);
    entries.push(entry);
    bytes += entry.kind === 'file' ? entry.size : 0;
    if (bytes > mostBytes || entries.length > MOST_FILES) throw tooLarge(displayPath, mostBytes);
  }
  return planLayer(entries);
}

async function readRules(path: string, file: string): Promise<string> {
  const read = await readPlainText(path, LARGEST_IGNORE_FILE);
  if ('flaw' in read && read.flaw === 'absent') return '';
  if ('flaw' in read || read.text.split('\n').length > MOST_RULES) {
    const remedy = `make it a plain file of at most ${formatBytes(LARGEST_IGNORE_FILE)} and ${MOST_RULES} lines`;
    throw new CouldNotRun({ file, message: 'cannot be read as the rules of a build', remedy });
  }
  return read.text;
}

/** Every path, ignored or not: a rule may bring back a file of an ignored folder. */
async function pathsBelow(folder: string, path: string): Promise<string[]> {
  const paths: string[] = [];
  const found = await readdir(join(folder, path), { withFileTypes: true });
  for (const entry of found.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const child = path === '' ? entry.name : `${path}/${entry.name}`;
    paths.push(child);
    if (entry.isDirectory()) for (const below of await pathsBelow(folder, child)) paths.push(below);
  }
  return paths;
}

/**
 * The paths that rules leave, in order; the Dockerfile is always one.
 * @throws CouldNotRun on a rule that is none: the library makes regular expressions of them
 */
export function withoutIgnored(paths: readonly string[], rules: string, file: string): readonly string[] {
  try {
    const filter = dockerIgnore.default().add(rules);
    return paths.filter((path) => path === DOCKERFILE || !filter.ignores(path));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const remedy = 'write its rules with *, ** and ? alone';
    throw new CouldNotRun({ file, message: 'holds a rule that cannot be read', remedy }, { cause });
  }
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

import { CouldNotRun, formatBytes } from '#kernel';
import { linkFault } from './links.ts';

/**
 * What Git says of a file of a tree. `path`: from the repository's top; `inside`: below the folder that is put on disk; `size` in bytes.
 */
export type ListedFile = { path: string; inside: string; kind: 'file' | 'executable' | 'link' | 'submodule'; size: number };

/**
 * What one folder may come to on disk, and as many folders as files; a tree of a few kilobytes can name the same file, or folder, a
 * million times.
 */
export type ExtractLimits = { files: number; links: number; bytes: number };

/** Characters: what a path may have on Linux, and a link's target with it. */
const LONGEST_LINK = 4096;
/** Bytes: what a name may have on Linux, and a path, whatever the folder is that it is put in. */
const LONGEST = { name: 255, path: 3072 };

/**
 * Whether what Git lists may be put on disk: decided before anything of it is read. A tree made by hand can hold names that a checkout
 * would refuse.
 * @throws CouldNotRun when it is beyond the limits, or a name could leave its folder, is there twice or is too long
 */
export function checkTree(folder: string, files: readonly ListedFile[], limits: ExtractLimits): void {
  checkMuch(folder, files, limits);
  for (const file of files) checkName(file);
  checkOnce(folder, files, limits);
}

/**
 * Whether the links may be made: decided before any is.
 * @param targets what each link holds, by its path below the folder
 * @throws CouldNotRun when one leads out of the folder, also through others
 */
export function checkLinks(files: readonly ListedFile[], targets: ReadonlyMap<string, string>): void {
  for (const { path, inside } of files.filter(({ kind }) => kind === 'link')) {
    const target = targets.get(inside) ?? '';
    const fault = target.includes('\0') ? 'which no file system takes' : linkFault({ path: inside, target }, targets);
    const remedy = 'put the file itself there: only what is in the folder is judged and shipped';
    if (fault !== undefined) throw new CouldNotRun({ file: path, message: `a link to ${target}, ${fault}`, remedy });
  }
}

/** What comes to more on disk than it may. */
export function tooLarge(file: string, bytes: number): CouldNotRun {
  const message = `comes to more than ${formatBytes(bytes)} on disk`;
  return new CouldNotRun({ file, message, remedy: 'keep what is not needed out of the folder' });
}

function tooMany(file: string, most: string): CouldNotRun {
  return new CouldNotRun({ file, message: `holds more than ${most}`, remedy: 'keep what is not needed out of the folder' });
}

function checkName({ path, kind }: ListedFile): void {
  const parts = path.split('/');
  const unsafe = parts.some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git');
  if (unsafe)
    throw new CouldNotRun({ file: path, message: 'a path that could leave its folder', remedy: 'remove it from the commit' });
  const long = Buffer.byteLength(path) > LONGEST.path || parts.some((part) => Buffer.byteLength(part) > LONGEST.name);
  if (long)
    throw new CouldNotRun({
      file: `${path.slice(0, LONGEST.name)}...`,
      message: 'a path that is longer than a file system takes',
      remedy: 'give it a shorter name',
    });
  if (kind === 'submodule') {
    throw new CouldNotRun({
      file: path,
      message: 'a submodule, whose files are not in this repository',
      remedy: 'put the files here',
    });
  }
}

/** Git itself makes no such tree, and no file system can hold it. */
function checkOnce(folder: string, files: readonly ListedFile[], most: ExtractLimits): void {
  const paths = new Set<string>();
  const folders = new Set<string>();
  for (const { path } of files) {
    if (paths.has(path)) throw twice(path);
    paths.add(path);
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const above = path.slice(0, at);
      if (folders.has(above)) break;
      folders.add(above);
      if (folders.size > most.files) throw tooMany(folder, `${most.files} folders`);
    }
  }
  for (const path of paths) if (folders.has(path)) throw twice(path);
}

function twice(path: string): CouldNotRun {
  return new CouldNotRun({ file: path, message: 'is in the commit twice', remedy: 'commit it anew, with Git' });
}

function checkMuch(folder: string, files: readonly ListedFile[], most: ExtractLimits): void {
  const links = files.filter(({ kind }) => kind === 'link');
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (files.length > most.files) throw tooMany(folder, `${most.files} files`);
  if (links.length > most.links) throw tooMany(folder, `${most.links} symbolic links`);
  if (size > most.bytes) throw tooLarge(folder, most.bytes);
  const long = links.find((file) => file.size > LONGEST_LINK);
  const remedy = 'put the file itself there';
  if (long !== undefined)
    throw new CouldNotRun({ file: long.path, message: `a link of more than ${LONGEST_LINK} characters`, remedy });
}

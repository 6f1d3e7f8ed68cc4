import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { CouldNotRun, formatBytes } from '#kernel';
import { linkFault } from '../links.ts';
import { gitIntoFile } from './git-process.ts';
import { listFiles, readObjects, sizesOf, type TreeEntry } from './objects.ts';
import type { Repository } from './repository.ts';

/** Blobs above this are streamed to disk one by one; smaller ones are read together. */
const LARGE = 4 * 1024 * 1024;
const BATCH_BYTES = 64 * 1024 * 1024;

/** What one folder may come to on disk; a tree of a few kilobytes can name the same file a million times. */
export type ExtractLimits = { files: number; links: number; bytes: number };
const LIMITS: ExtractLimits = { files: 100_000, links: 1000, bytes: 64 * 1024 ** 3 };
/** Characters; what a path may have on Linux, and a link's target with it. */
const LONGEST_LINK = 4096;

/**
 * Writes a folder of a commit ('' for the whole tree) as the folder `destination`, which must not be there yet; it appears
 * whole or not at all. The bytes are those of the commit: no filter, attribute or line-end rule of the user changes them. A
 * Git LFS pointer is replaced by its object when that is on this machine.
 * @throws CouldNotRun when the folder is not there or beyond the limits, a link leads out of it, also through others, or it holds a
 * submodule or an absent LFS object
 */
export async function extractFolder(
  repository: Repository,
  commit: string,
  folder: string,
  destination: string,
  limits = LIMITS,
): Promise<void> {
  const base = folder.replace(/\/+$/, '').replace(/^(\.\/)+|^\.$/, '');
  const entries = await listSized(repository, commit, base);
  if (entries.length === 0 || entries.some((entry) => entry.inside === '')) {
    throw new CouldNotRun({
      file: folder,
      message: `no such folder at commit ${commit}`,
      remedy: 'commit it, or correct the path',
    });
  }
  for (const entry of entries) refuseUnsafe(entry);
  refuseTooMuch(folder, entries, limits);
  await mkdir(dirname(destination), { recursive: true });
  const fresh = await mkdtemp(`${destination}.part-`);
  try {
    const folders = new Set(entries.map((entry) => dirname(join(fresh, entry.inside))));
    for (const parent of folders) await mkdir(parent, { recursive: true });
    const budget = { left: limits.bytes };
    for (const batch of batches(entries)) await writeBatch(repository, batch, fresh, budget);
    await rename(fresh, destination);
  } catch (thrown) {
    await rm(fresh, { recursive: true, force: true });
    throw thrown;
  }
}

/** `inside` is the path below the folder that is extracted; `size` in bytes. */
type Entry = TreeEntry & { inside: string; size: number };

async function listSized(repository: Repository, commit: string, base: string): Promise<Entry[]> {
  const entries = await listFiles(repository, commit, base);
  const sizes = await sizesOf(
    repository,
    entries.map(({ id }) => id),
  );
  return entries.map((entry, index) => ({ ...entry, inside: posix.relative(base, entry.path), size: sizes[index] ?? 0 }));
}

function refuseTooMuch(folder: string, entries: readonly Entry[], { files, links, bytes }: ExtractLimits): void {
  const remedy = 'keep what is not needed out of the folder';
  const linked = entries.filter(({ kind }) => kind === 'link');
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (entries.length > files) throw new CouldNotRun({ file: folder, message: `holds more than ${files} files`, remedy });
  if (linked.length > links) throw new CouldNotRun({ file: folder, message: `holds more than ${links} symbolic links`, remedy });
  if (size > bytes) throw tooLarge(folder, bytes);
  const long = linked.find((entry) => entry.size > LONGEST_LINK);
  if (long !== undefined)
    throw new CouldNotRun({ file: long.path, message: `a link of more than ${LONGEST_LINK} characters`, remedy });
}

function tooLarge(file: string, bytes: number): CouldNotRun {
  const message = `comes to more than ${formatBytes(bytes)} on disk`;
  return new CouldNotRun({ file, message, remedy: 'keep what is not needed out of the folder' });
}

/** A tree made by hand can hold names that a checkout would refuse. */
function refuseUnsafe(entry: Entry): void {
  const unsafe = entry.path
    .split('/')
    .some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git');
  if (unsafe)
    throw new CouldNotRun({
      file: entry.path,
      message: 'a path that could leave its folder',
      remedy: 'remove it from the commit',
    });
  if (entry.kind === 'submodule') {
    throw new CouldNotRun({
      file: entry.path,
      message: 'a submodule, whose files are not in this repository',
      remedy: 'put the files here',
    });
  }
}

/** Files first and links last, so that nothing is ever written through a link. */
function* batches(entries: readonly Entry[]): Generator<readonly Entry[]> {
  let batch: Entry[] = [];
  let bytes = 0;
  for (const entry of entries.filter(({ kind }) => kind !== 'link')) {
    const { size } = entry;
    if (batch.length > 0 && (size > LARGE || bytes + size > BATCH_BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(entry);
    bytes += size > LARGE ? BATCH_BYTES : size;
  }
  if (batch.length > 0) yield batch;
  const links = entries.filter(({ kind }) => kind === 'link');
  if (links.length > 0) yield links;
}

/** What LFS objects may still come to; how large they are is known only when their pointers have been read. */
type Budget = { left: number };

async function writeBatch(repository: Repository, batch: readonly Entry[], root: string, budget: Budget): Promise<void> {
  const [first] = batch;
  if (batch.length === 1 && first && first.kind !== 'link' && first.size > LARGE) {
    const file = join(root, first.inside);
    await gitIntoFile(repository, ['cat-file', 'blob', first.id], file);
    await chmod(file, modeOf(first));
    return;
  }
  const contents = await readObjects(
    repository,
    batch.map(({ id }) => id),
  );
  const links = new Map(
    batch.flatMap(({ kind, inside }, index) =>
      kind === 'link' ? [[inside, Buffer.from(contents[index] ?? []).toString()] as const] : [],
    ),
  );
  for (const [index, entry] of batch.entries()) {
    const content = contents[index];
    if (content === undefined) {
      throw new CouldNotRun({
        file: entry.path,
        message: 'its content is not in this clone',
        remedy: 'fetch it: git fetch --refetch',
      });
    }
    if (entry.kind === 'link') await writeLink(entry, links, root);
    else await writeContent(repository, entry, content, { file: join(root, entry.inside), budget });
  }
}

async function writeLink(entry: Entry, links: ReadonlyMap<string, string>, root: string): Promise<void> {
  const target = links.get(entry.inside) ?? '';
  const fault = linkFault({ path: entry.inside, target }, links);
  if (fault !== undefined) {
    throw new CouldNotRun({
      file: entry.path,
      message: `a link to ${target}, ${fault}`,
      remedy: 'put the file itself there: only what is in the folder is judged and shipped',
    });
  }
  await symlink(target, join(root, entry.inside));
}

const LFS_POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n/;

async function writeContent(
  repository: Repository,
  entry: Entry,
  content: Uint8Array,
  { file, budget }: { file: string; budget: Budget },
): Promise<void> {
  const oid = content.length < 1024 ? LFS_POINTER.exec(Buffer.from(content).toString())?.[1] : undefined;
  if (oid === undefined) {
    await writeFile(file, content, { flag: 'wx', mode: modeOf(entry) });
    return;
  }
  const object = join(repository.gitFolder, 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);
  const found = await stat(object).catch(() => undefined);
  budget.left -= found?.size ?? 0;
  if (budget.left < 0) throw tooLarge(entry.path, LIMITS.bytes);
  if (found === undefined || (await sha256Of(object)) !== oid) {
    throw new CouldNotRun({
      file: entry.path,
      message: 'a Git LFS pointer whose object is not on this machine',
      remedy: 'git lfs fetch origin <commit>, then run again',
    });
  }
  await copyFile(object, file);
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function modeOf(entry: Entry): number {
  return entry.kind === 'executable' ? 0o755 : 0o644;
}

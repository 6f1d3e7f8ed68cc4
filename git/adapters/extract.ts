import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { CouldNotRun, hexOf } from '#kernel';
import { checkLinks, checkTree, tooLarge, type ExtractLimits, type ListedFile } from '../tree-rules.ts';
import { gitIntoFile } from './git-process.ts';
import { lfsPointer } from './lfs-pointer.ts';
import { listFiles, readObjects, sizesOf, type TreeEntry } from './objects.ts';
import type { Repository } from './repository.ts';

/** Blobs above this are streamed to disk one by one; smaller ones are read together. */
const LARGE = 4 * 1024 * 1024;
const BATCH_BYTES = 64 * 1024 * 1024;
const LIMITS: ExtractLimits = { files: 100_000, links: 1000, bytes: 64 * 1024 ** 3 };

/**
 * Writes a folder of a commit ('' for the whole tree) as the folder `destination`, which must not be there yet; it appears
 * whole or not at all. The bytes are those of the commit: no filter, attribute or line-end rule of the user changes them. A
 * Git LFS pointer is replaced by its object when that is on this machine.
 * @param dataFolder where objects of Git LFS may lie beside the repository's own folder for them, laid out as there
 * @throws CouldNotRun when the folder is not there or beyond the limits, a link leads out of it, also through others, or it holds a
 * submodule or an absent LFS object
 */
export async function extractFolder(
  repository: Repository,
  commit: string,
  folder: string,
  destination: string,
  { limits = LIMITS, dataFolder = null }: { limits?: ExtractLimits; dataFolder?: string | null } = {},
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
  checkTree(folder, entries, limits);
  const links = await readLinks(repository, entries);
  checkLinks(entries, links);
  await mkdir(dirname(destination), { recursive: true });
  const fresh = await mkdtemp(`${destination}.part-`);
  try {
    const folders = new Set(entries.map((entry) => dirname(join(fresh, entry.inside))));
    for (const parent of folders) await mkdir(parent, { recursive: true });
    const objects = [join(repository.gitFolder, 'lfs', 'objects'), ...(dataFolder === null ? [] : [dataFolder])];
    const places: Places = { root: fresh, objects, left: limits.bytes };
    for (const batch of batches(entries.filter(({ kind }) => kind !== 'link'))) await writeBatch(repository, batch, places);
    // Links come last, so that nothing is ever written through one.
    for (const [inside, target] of links) await symlink(target, join(fresh, inside));
    await rename(fresh, destination);
  } catch (thrown) {
    await rm(fresh, { recursive: true, force: true });
    throw thrown;
  }
}

type Entry = TreeEntry & ListedFile;

async function listSized(repository: Repository, commit: string, base: string): Promise<Entry[]> {
  const entries = await listFiles(repository, commit, base);
  const sizes = await sizesOf(
    repository,
    entries.map(({ id }) => id),
  );
  return entries.map((entry, index) => ({ ...entry, inside: posix.relative(base, entry.path), size: sizes[index] ?? 0 }));
}

/** What the links hold, by their paths below the folder. */
async function readLinks(repository: Repository, entries: readonly Entry[]): Promise<ReadonlyMap<string, string>> {
  const links = entries.filter(({ kind }) => kind === 'link');
  const contents = await readAll(repository, links);
  return new Map(links.map(({ inside }, index) => [inside, Buffer.from(contents[index] ?? []).toString()]));
}

/** @throws CouldNotRun for what a clone has left out */
async function readAll(repository: Repository, entries: readonly Entry[]): Promise<readonly Uint8Array[]> {
  const contents = await readObjects(
    repository,
    entries.map(({ id }) => id),
  );
  return entries.map((entry, index) => {
    const content = contents[index];
    if (content !== undefined) return content;
    throw new CouldNotRun({
      file: entry.path,
      message: 'its content is not in this clone',
      remedy: 'fetch it: git fetch --refetch',
    });
  });
}

/** What is read together. */
function* batches(entries: readonly Entry[]): Generator<readonly Entry[]> {
  let batch: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const { size } = entry;
    if (batch.length > 0 && (size > LARGE || bytes + size > BATCH_BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(entry);
    bytes += size > LARGE ? BATCH_BYTES : size;
  }
  if (batch.length > 0) yield batch;
}

/**
 * Where files are written, and where the objects lie that pointers name. `left`: bytes that these may still come to; how large they are is
 * known only when their pointers have been read.
 */
type Places = { root: string; objects: readonly string[]; left: number };

async function writeBatch(repository: Repository, batch: readonly Entry[], places: Places): Promise<void> {
  const { root } = places;
  const [first] = batch;
  if (batch.length === 1 && first && first.size > LARGE) {
    const file = join(root, first.inside);
    await gitIntoFile(repository, ['cat-file', 'blob', first.id], file);
    await chmod(file, modeOf(first));
    return;
  }
  const contents = await readAll(repository, batch);
  for (const [index, entry] of batch.entries()) await writeContent(entry, contents[index] ?? new Uint8Array(), places);
}

async function writeContent(entry: Entry, content: Uint8Array, places: Places): Promise<void> {
  const file = join(places.root, entry.inside);
  const pointer = lfsPointer(content);
  if (pointer === undefined) {
    await writeFile(file, content, { flag: 'wx', mode: modeOf(entry) });
    return;
  }
  const oid = hexOf(pointer.digest);
  for (const folder of places.objects) {
    const object = join(folder, oid.slice(0, 2), oid.slice(2, 4), oid);
    const found = await stat(object).catch(() => undefined);
    if (found === undefined) continue;
    if (found.size > places.left) throw tooLarge(entry.path, LIMITS.bytes);
    if ((await sha256Of(object)) !== oid) continue;
    places.left -= found.size;
    return await copyFile(object, file);
  }
  throw new CouldNotRun({
    file: entry.path,
    message: `a Git LFS pointer, and its object ${pointer.digest} is not on this machine`,
    remedy: 'bring it here: fieldproof fetch, or git lfs fetch origin <commit>; then run again',
  });
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function modeOf(entry: Entry): number {
  return entry.kind === 'executable' ? 0o755 : 0o644;
}

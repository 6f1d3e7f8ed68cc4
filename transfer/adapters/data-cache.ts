import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open as openFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CouldNotRun, hexOf, reasonOf, type Digest } from '#kernel';
import type { Opener, Wanted } from '../wanted.ts';

/**
 * Files by the sha256 of their bytes, as Git LFS lays them out: aa/bb/aabb... What has its name there is whole; a download that was
 * broken off lies beside it, and the next one goes on from there.
 */
export class DataCache {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  pathOf(digest: Digest): string {
    const hex = hexOf(digest);
    return join(this.folder, hex.slice(0, 2), hex.slice(2, 4), hex);
  }

  async has(digest: Digest): Promise<boolean> {
    return await stat(this.pathOf(digest)).then(
      (found) => found.isFile(),
      () => false,
    );
  }

  /**
   * Brings a file here. @throws CouldNotRun when what came is not what was wanted, or the disk is full
   */
  async fill(wanted: Wanted, open: Opener): Promise<void> {
    if (await this.has(wanted.digest)) return;
    const path = this.pathOf(wanted.digest);
    await mkdir(dirname(path), { recursive: true });
    const part = await adoptPart(path);
    try {
      const resumed = await this.#download(wanted, open, part);
      const found = await digestOfFile(part);
      if (found === wanted.digest) return await rename(part, path);
      // What was left of an earlier download may be what is wrong.
      await rm(part, { force: true });
      if (resumed) return await this.fill(wanted, open);
      throw otherBytes(wanted, found);
    } catch (thrown) {
      throw asDiskFull(thrown, this.folder) ?? thrown;
    }
  }

  /** True where it went on from what lay there. */
  async #download(wanted: Wanted, open: Opener, part: string): Promise<boolean> {
    const had = await stat(part).then(
      ({ size }) => size,
      () => 0,
    );
    if (had > 0 && had === wanted.size) return true;
    const { body, from } = await open(wanted, had);
    const resumed = from > 0 && from === had;
    const file = await openFile(part, resumed ? 'a' : 'w');
    try {
      // Chunk by chunk: what has come is on disk when the connection breaks.
      for await (const chunk of limited(body, wanted, resumed ? had : 0)) await file.writeFile(chunk);
    } finally {
      await file.close();
    }
    return resumed;
  }
}

/** Goes on with a part that a process has left which is no more; that of one at work is its own. */
async function adoptPart(path: string): Promise<string> {
  const own = `${path}.${process.pid}.part`;
  const names = await readdir(dirname(path));
  for (const name of names) {
    const [, owner] = /^[0-9a-f]{64}\.(\d+)\.part$/.exec(name) ?? [];
    if (owner === undefined || !name.startsWith(basename(path)) || isAlive(Number(owner))) continue;
    const adopted = await rename(join(dirname(path), name), own).then(
      () => true,
      () => false,
    );
    if (adopted) break;
  }
  return own;
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** Nobody fills a disk with more than was said. */
async function* limited(body: AsyncIterable<Uint8Array>, wanted: Wanted, had: number): AsyncGenerator<Uint8Array> {
  let size = had;
  for await (const chunk of body) {
    size += chunk.length;
    if (wanted.size !== null && size > wanted.size) {
      const message = `is larger than the ${wanted.size} bytes that are said of it`;
      throw new CouldNotRun({ ...wanted.at, message, remedy: 'see whether its pin or pointer is of another version' });
    }
    yield chunk;
  }
}

async function digestOfFile(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return `sha256:${hash.digest('hex')}`;
}

function otherBytes({ at, digest }: Wanted, found: Digest): CouldNotRun {
  return new CouldNotRun({
    ...at,
    message: `what came is not ${digest}, but ${found}`,
    remedy: 'see whether somebody has changed it where it lies; when the change is meant, pin it anew',
  });
}

function asDiskFull(thrown: unknown, folder: string): CouldNotRun | undefined {
  if (!(thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT'))) return undefined;
  const remedy = 'free some space there, or name another place with FIELDPROOF_DATA, and run again: what is there is used';
  return new CouldNotRun({ file: folder, message: `the disk is full: ${reasonOf(thrown)}`, remedy }, { cause: thrown });
}

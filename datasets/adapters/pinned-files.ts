import { createHash } from 'node:crypto';
import { constants, createReadStream, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { CouldNotRun, digestOf, reasonOf, type Digest } from '#kernel';

/**
 * A file, what its bytes must be, and how messages name it and its remedy. `pinsFile`: what pins it. `manifest`: of its dataset;
 * null for a clip that was pinned when it arrived. `telling`: whether messages may say what its bytes are instead; not of a
 * file that a pull request chose.
 */
export type PinnedFile = {
  path: string;
  pin: Digest;
  display: string;
  pinsFile: string;
  manifest: string | null;
  telling: 'what was found' | 'nothing';
};

/** Bytes of a picture or a list, which are held whole. */
const LARGEST_HELD = 256 * 1024 * 1024;

/** Checks files against their pins when they are read: each once, unless it changes under us. */
export class PinnedFiles {
  readonly #verified = new Map<string, string>();

  /** The bytes of a file. @throws CouldNotRun when it is gone, or not what was pinned */
  async read(file: PinnedFile): Promise<Uint8Array> {
    const handle = await open(file.path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => gone(file, cause));
    try {
      const stats = await handle.stat();
      if (!stats.isFile() || stats.size > LARGEST_HELD) throw notHeld(file);
      const seal = sealOf(stats, file.pin);
      const bytes = await handle.readFile();
      if (this.#verified.get(file.path) !== seal) judge(file, digestOf(bytes), bytes.length);
      this.#verified.set(file.path, seal);
      return bytes;
    } finally {
      await handle.close();
    }
  }

  /** For files that something else reads, too large to be held. @throws CouldNotRun as `read` does */
  async verify(file: PinnedFile): Promise<void> {
    const stats = await stat(file.path).catch((cause: unknown) => gone(file, cause));
    const seal = sealOf(stats, file.pin);
    if (this.#verified.get(file.path) === seal) return;
    judge(file, await digestOfFile(file.path).catch((cause: unknown) => gone(file, cause)), stats.size);
    this.#verified.set(file.path, seal);
  }
}

export async function digestOfFile(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return `sha256:${hash.digest('hex')}`;
}

function sealOf(stats: Stats, pin: Digest): string {
  return [pin, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(' ');
}

function judge(file: PinnedFile, found: Digest, size: number): void {
  if (found === file.pin) return;
  const told = file.telling === 'nothing' ? '' : `: found ${found} (${size} bytes)`;
  const what = size === 0 && told !== '' ? 'is empty' : `is not the pinned bytes${told}`;
  throw new CouldNotRun({
    file: file.display,
    message: `${what}; ${file.pinsFile} pins ${file.pin}`,
    remedy: remedyFor(file, 'when the change is meant, review it and run'),
  });
}

function notHeld(file: PinnedFile): CouldNotRun {
  const remedy = 'make it smaller, or leave it out';
  return new CouldNotRun({ file: file.display, message: 'is no plain file of at most 256 MiB', remedy });
}

function gone(file: PinnedFile, cause: unknown): never {
  throw new CouldNotRun(
    {
      file: file.display,
      message: `cannot be read: ${reasonOf(cause)}; ${file.pinsFile} pins ${file.pin}`,
      remedy: remedyFor(file, 'when it is meant to go, run'),
    },
    { cause },
  );
}

function remedyFor({ manifest }: PinnedFile, otherwise: string): string {
  if (manifest === null) return 'restore the file that arrived; a new clip needs a new name';
  return `restore the file; or, ${otherwise}: fieldproof pin ${manifest}`;
}

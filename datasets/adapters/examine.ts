import { createHash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Digest } from '#kernel';

/** A file to be pinned. `before`: its pin so far; a picture that still has it was decoded when it got it. */
export type ToExamine = { path: string; before: Digest | null; picture: boolean };

/** What a file turned out to be. `size`: of a picture that was decoded, upright. */
export type Examined = { digest: Digest; size: { width: number; height: number } | null } | { fault: string; remedy: string };

/** Bytes of a file that is held whole; a larger one is hashed piece by piece. */
const HELD = 256 * 1024 * 1024;
const PIECE = 1024 * 1024;

/**
 * Hashes a file, and decodes it when it is a picture whose bytes are not those that were pinned. Calls that block: this runs on
 * a thread of its own where there are many files, and each way through the event loop would cost more than reading one.
 */
export async function examine({ path, before, picture }: ToExamine): Promise<Examined> {
  let held: { digest: Digest; bytes: Uint8Array | null };
  try {
    held = readWhole(path);
  } catch (cause) {
    return {
      fault: `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: 'see its rights, and that it is still there',
    };
  }
  const { digest, bytes } = held;
  if (!picture || digest === before) return { digest, size: null };
  if (bytes === null) return { fault: 'is larger than 256 MiB', remedy: 'make it smaller, or leave it out' };
  // Loaded when it is needed: loading it takes longer than hashing thousands of files.
  const { examinePicture } = await import('./examine-picture.ts');
  const found = await examinePicture(bytes);
  return 'fault' in found ? found : { digest, size: found };
}

function readWhole(path: string): { digest: Digest; bytes: Uint8Array | null } {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new Error('it is no plain file');
    if (stats.size > HELD) return { digest: digestOfPieces(file), bytes: null };
    const bytes = Buffer.allocUnsafe(stats.size);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    const whole = bytes.subarray(0, length);
    return { digest: `sha256:${hash('sha256', whole)}`, bytes: whole };
  } finally {
    closeSync(file);
  }
}

function digestOfPieces(file: number): Digest {
  const digest = createHash('sha256');
  const piece = Buffer.allocUnsafe(PIECE);
  for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) digest.update(piece.subarray(0, read));
  return `sha256:${digest.digest('hex')}`;
}

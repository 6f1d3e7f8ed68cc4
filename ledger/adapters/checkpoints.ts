import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { digestOfJson, digestSchema, hexOf, type Digest } from '#kernel';
import type { Repository } from '#git/adapters';
import type { KnownKeys } from '../signature.ts';

/** That a commit's chain was followed to its end on this machine, and found whole. */
export type Checkpoint = { commit: string; entries: number; head: Digest; signed: number };

/** Goes up when the chain is checked for anything more: what an older version found whole is then checked anew. */
const VERSION = 1;

const checkpointSchema = z.strictObject({
  commit: z.string().regex(/^[0-9a-f]{40,64}$/),
  entries: z.int().min(1),
  head: digestSchema,
  signed: z.int().min(0),
});

/**
 * Where checkpoints of one branch lie: in this user's own cache, and not in the repository, for a repository may be a stranger's with all that
 * its .git holds. Each is of one place on this machine, and of the keys that its signatures were held against.
 */
export function checkpointFile(folder: string, { gitFolder }: Repository, ref: string, keys: KnownKeys): string {
  const of = { version: VERSION, gitFolder, ref, keys: [...keys.keys()].toSorted() };
  return join(folder, `${hexOf(digestOfJson(of))}.json`);
}

/** Null where there is none, or what is there is not as it is written here: then all is checked. */
export async function readCheckpoint(file: string): Promise<Checkpoint | null> {
  try {
    return checkpointSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Whole or not at all. One that can't be written is done without. */
export async function writeCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, JSON.stringify(checkpoint), { mode: 0o600 });
    await rename(draft, file);
  } catch {
    await rm(draft, { force: true }).catch(() => {});
  }
}

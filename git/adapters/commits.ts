import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitFailed, gitText, runGit } from './git-process.ts';
import { writeBlobs } from './objects.ts';
import { readRef, type Repository } from './repository.ts';

/** A file to be written, or removed (`content: null`). Paths from the repository's top. */
export type TreeChange = { path: string; content: Uint8Array | string | null };

export type NewCommit = {
  tree: string;
  parents: readonly string[];
  /** Written as it is given. */
  message: string;
  /** Author and committer. Given, not taken from the clock, so that the same commit made twice has one id. */
  date: Date;
};

/** Nobody's address: these commits are made by a machine, and say in their trailers on whose work. */
const IDENTITY = { name: 'Fieldproof', email: 'fieldproof@localhost' };

/**
 * The tree of a commit with changes made to it; the working tree and the user's index are not touched.
 * @param base the full id of a commit or tree, or null to begin with an empty one
 */
export async function writeTree(repository: Repository, base: string | null, changes: readonly TreeChange[]): Promise<string> {
  const written = changes.filter((change) => change.content !== null);
  const ids = await writeBlobs(
    repository,
    written.map((change) => change.content ?? ''),
  );
  const idOf = new Map(written.map((change, index) => [change.path, ids[index] ?? '']));
  const lines = changes.flatMap(({ path }) => {
    const id = idOf.get(path);
    if (id !== undefined) return [`100644 ${id}\t${path}\0`];
    return base === null ? [] : [`0 ${'0'.repeat(base.length)}\t${path}\0`];
  });
  const folder = await mkdtemp(join(tmpdir(), 'fieldproof-index-'));
  try {
    const variables = { GIT_INDEX_FILE: join(folder, 'index') };
    await runGit(repository, ['read-tree', base ?? '--empty'], { variables });
    await runGit(repository, ['update-index', '-z', '--add', '--replace', '--index-info'], { variables, input: lines.join('') });
    return await gitText(repository, ['write-tree'], { variables });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes a commit that no ref names yet, and returns its id. */
export async function commitTree(repository: Repository, commit: NewCommit): Promise<string> {
  // Without the @, git takes a small number for a day of the calendar.
  const date = `@${Math.floor(commit.date.getTime() / 1000)} +0000`;
  const variables = {
    GIT_AUTHOR_NAME: IDENTITY.name,
    GIT_AUTHOR_EMAIL: IDENTITY.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: IDENTITY.name,
    GIT_COMMITTER_EMAIL: IDENTITY.email,
    GIT_COMMITTER_DATE: date,
  };
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  return gitText(repository, ['commit-tree', '--no-gpg-sign', commit.tree, ...parents, '-F', '-'], {
    variables,
    input: commit.message,
  });
}

/**
 * Moves a ref to `next` only while it is at `expected` (null: while it is not there). False when someone else was faster.
 * Never for the branch that a working tree has checked out: that tree would then look as if it undid the commit.
 */
export async function compareAndSwapRef(
  repository: Repository,
  ref: string,
  next: string,
  expected: string | null,
): Promise<boolean> {
  try {
    await runGit(repository, ['update-ref', '-m', 'fieldproof', ref, next, expected ?? '0'.repeat(next.length)]);
    return true;
  } catch (thrown) {
    if (thrown instanceof GitFailed && ((await readRef(repository, ref)) ?? null) !== expected) return false;
    throw thrown;
  }
}

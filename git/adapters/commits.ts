import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { GitFailed, gitText, runGit } from './git-process.ts';
import { readRef, type Repository } from './repository.ts';

/** A file to be written, or removed (`content: null`). Paths from the repository's top. */
export type FileChange = { path: string; content: Uint8Array | string | null };

export type NewCommit = {
  /** Full id of the commit that it stands on and whose other files it keeps; null begins a history. */
  parent: string | null;
  changes: readonly FileChange[];
  /** Written as it is given. */
  message: string;
  /** Author and committer. Given, not taken from the clock, so that the same commit made twice has one id. */
  date: Date;
};

/** Nobody's address: these commits are made by a machine, and say in their trailers on whose work. */
const IDENTITY = 'Fieldproof <fieldproof@localhost>';

/** fast-import must name a branch to commit on; it is taken back in the same breath, before any ref is written. */
const NO_BRANCH = 'refs/fieldproof/none';

/** Writes a commit that no ref names yet, and returns its id. Neither index nor working tree is touched. */
export async function writeCommit(repository: Repository, { parent, changes, message, date }: NewCommit): Promise<string> {
  const who = `${IDENTITY} ${Math.floor(date.getTime() / 1000)} +0000`;
  const commands = [
    `commit ${NO_BRANCH}\nmark :1\nauthor ${who}\ncommitter ${who}\n`,
    ...dataOf(message),
    parent === null ? '' : `from ${parent}\n`,
    ...changes.flatMap(({ path, content }) =>
      content === null ? [`D ${quoted(path)}\n`] : [`M 100644 inline ${quoted(path)}\n`, ...dataOf(content)],
    ),
    `\nget-mark :1\nreset ${NO_BRANCH}\n\ndone\n`,
  ];
  const input = Buffer.concat(commands.map((command) => Buffer.from(command)));
  return await whileAnotherMakesIt(repository, async () => {
    return await gitText(repository, ['fast-import', '--quiet', '--done', '--date-format=raw-permissive'], { input });
  });
}

/**
 * Who writes the very same commit at the same moment makes a pack of the same name, and Git lets one of them do so at a time. One that was
 * killed there leaves its mark for ever.
 */
async function whileAnotherMakesIt(repository: Repository, write: () => Promise<string>): Promise<string> {
  for (const pause of [20, 50, 100, 200, 400, 800, 1600, 3200]) {
    try {
      return await write();
    } catch (thrown) {
      if (!(thrown instanceof GitFailed) || !/cannot create keep file/.test(thrown.stderr)) throw thrown;
      await setTimeout(pause);
      await removeStaleMarks(repository);
    }
  }
  return await write();
}

/** A mark keeps a pack from being taken away; one of a pack that never came keeps nothing. */
async function removeStaleMarks({ gitFolder }: Repository): Promise<void> {
  const folder = join(gitFolder, 'objects', 'pack');
  const names = new Set(await readdir(folder).catch(() => []));
  for (const name of names) {
    if (!name.endsWith('.keep') || names.has(name.replace(/keep$/, 'pack'))) continue;
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > STALE) await rm(join(folder, name), { force: true });
  }
}

function dataOf(content: Uint8Array | string): (Uint8Array | string)[] {
  return [`data ${Buffer.byteLength(content)}\n`, content, '\n'];
}

/** As git quotes paths, so that none can end its line. */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
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
  const update = () => runGit(repository, ['update-ref', '-m', 'fieldproof', ref, next, expected ?? '0'.repeat(next.length)]);
  try {
    await update().catch(async (thrown: unknown) => {
      if (!(await removeStaleLock(repository, ref))) throw thrown;
      await update();
    });
    return true;
  } catch (thrown) {
    if (thrown instanceof GitFailed && ((await readRef(repository, ref)) ?? null) !== expected) return false;
    throw thrown;
  }
}

const OURS = ['refs/heads/fieldproof/', 'refs/fieldproof/'];
/** Milliseconds. Git holds the lock of a ref for a few of them; one that outlives this belongs to a process that was killed. */
const STALE = 5000;

/** Only of refs that nobody but Fieldproof moves: what a killed check left behind must not stop the next one. */
async function removeStaleLock({ gitFolder }: Repository, ref: string): Promise<boolean> {
  if (!OURS.some((prefix) => ref.startsWith(prefix))) return false;
  const lock = join(gitFolder, `${ref}.lock`);
  const found = await stat(lock).catch(() => undefined);
  if (found === undefined) return false;
  await setTimeout(Math.max(0, found.mtimeMs + STALE - Date.now()));
  const now = await stat(lock).catch(() => undefined);
  if (now?.ino === found.ino && now.mtimeMs === found.mtimeMs) await rm(lock, { force: true });
  return true;
}

import { mkdir, mkdtemp, realpath, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CouldNotRun } from '#kernel';
import type { Environment } from './environment.ts';
import { GitFailed, gitAnswer, gitText, LOCAL_DEADLINE, runGit, type GitPlace } from './git-process.ts';

/** A repository on this machine. `folder` is the top of its working tree, or the repository itself when it is bare. */
export type Repository = GitPlace & { gitFolder: string; bare: boolean };

export type OpenOptions = {
  environment: Environment;
  /** The folder itself must be the repository; without it, a folder inside a working tree finds its top. */
  exact?: boolean;
};

/** @throws CouldNotRun when there is no folder, or no repository in it */
export async function openRepository(folder: string, options: OpenOptions): Promise<Repository> {
  const real = await realpath(resolve(folder)).catch((cause: unknown) => {
    throw new CouldNotRun(
      { file: folder, message: 'no such folder', remedy: 'correct the path of the Git repository' },
      { cause },
    );
  });
  const place: GitPlace = { folder: real, environment: options.environment };
  const variables: Record<string, string> = options.exact ? { GIT_CEILING_DIRECTORIES: dirname(real) } : {};
  const query = ['rev-parse', '--path-format=absolute', '--git-common-dir', '--is-bare-repository', '--is-inside-git-dir'];
  const answer = await gitText(place, query, { variables }).catch((cause: unknown) => {
    if (!(cause instanceof GitFailed)) throw cause;
    throw new CouldNotRun(
      { file: folder, message: 'not a Git repository', remedy: 'git init it, or correct the path' },
      { cause },
    );
  });
  const [gitFolder = '', bare, inside] = answer.split('\n');
  if (bare === 'true') return { ...place, folder: gitFolder, gitFolder, bare: true };
  if (inside === 'true') {
    throw new CouldNotRun({ file: folder, message: 'the inside of a .git folder', remedy: 'name the folder above it' });
  }
  const top = await gitText(place, ['rev-parse', '--path-format=absolute', '--show-toplevel']);
  return { ...place, folder: top, gitFolder, bare: false };
}

/** A new bare repository, or the one that is there already. */
export async function initBareRepository(folder: string, options: OpenOptions): Promise<Repository> {
  const exact = { ...options, exact: true };
  const there = await openRepository(folder, exact).catch(() => undefined);
  if (there !== undefined) return there;
  await mkdir(dirname(folder), { recursive: true });
  const fresh = await mkdtemp(`${folder}.part-`);
  try {
    await runGit({ folder: fresh, environment: options.environment }, ['init', '--quiet', '--bare', '--initial-branch=main']);
    await rename(fresh, folder).catch((thrown: NodeJS.ErrnoException) => {
      // Another process was faster; its repository is as empty as ours.
      if (thrown.code !== 'ENOTEMPTY' && thrown.code !== 'EEXIST') throw thrown;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return openRepository(folder, exact);
}

/** The full names of the branches that working trees of this repository have checked out, also while they are unborn. */
export async function checkedOutBranches(repository: Repository): Promise<readonly string[]> {
  const lines = (await gitText(repository, ['worktree', 'list', '--porcelain'])).split('\n');
  return repository.bare ? [] : lines.flatMap((line) => (line.startsWith('branch ') ? [line.slice('branch '.length)] : []));
}

/** The commit that a revision (branch, tag, id, HEAD~1) means; undefined when there is none. */
export async function resolveCommit(repository: Repository, revision: string): Promise<string | undefined> {
  return gitAnswer(repository, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
}

/** The commit that a ref of this full name (refs/heads/main) holds; undefined when there is none. */
export async function readRef(repository: Repository, ref: string): Promise<string | undefined> {
  // rev-parse would also find refs/heads/refs/heads/x, and for-each-ref alone also what lies below the name.
  const listed = await gitText(repository, ['for-each-ref', '--format=%(objectname) %(refname)', ref]);
  const line = listed.split('\n').find((candidate) => candidate.endsWith(` ${ref}`));
  return line?.slice(0, line.indexOf(' '));
}

/** The id of a file or folder at a commit: equal ids mean equal content. '' is the whole tree. */
export async function objectIdAt(repository: Repository, commit: string, path: string): Promise<string | undefined> {
  const clean = path.replace(/\/+$/, '').replace(/^(\.\/)+|^\.$/, '');
  if (clean.includes('\0')) return undefined;
  return gitAnswer(repository, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}:${clean}`]);
}

/** Whether `ancestor` is `commit` or in its history. False also when `ancestor` is not known here. */
export async function isAncestor(repository: Repository, ancestor: string, commit: string): Promise<boolean> {
  if ((await resolveCommit(repository, ancestor)) === undefined) return false;
  return (await gitAnswer(repository, ['merge-base', '--is-ancestor', ancestor, commit])) !== undefined;
}

/** The best common ancestor: what a pull request is compared to. */
export async function mergeBase(repository: Repository, one: string, other: string): Promise<string | undefined> {
  return gitAnswer(repository, ['merge-base', one, other]);
}

/** Paths that differ between two commits, below `under` ('' for all); a moved file is two paths. */
export async function changedPaths(repository: Repository, from: string, to: string, under = ''): Promise<readonly string[]> {
  const paths = under === '' ? [] : [under];
  return nulList(await runGit(repository, ['diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to, '--', ...paths]));
}

/** Paths of the working tree that are not as committed: changed, staged or untracked. Empty for a bare repository. */
export async function uncommittedPaths(repository: Repository): Promise<readonly string[]> {
  if (repository.bare) return [];
  const lines = nulList(await runGit(repository, ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=normal']));
  return lines.map((line) => line.slice(3));
}

export type CommitInfo = {
  id: string;
  tree: string;
  parents: readonly string[];
  author: string;
  email: string;
  date: string;
  message: string;
};

/** Bytes of a commit with its message. */
const LARGEST_COMMIT = 4 * 1024 * 1024;

/** @throws GitFailed when there is no such commit; CouldNotRun when its message is larger than any that is read */
export async function readCommit(repository: Repository, commit: string): Promise<CommitInfo> {
  const format = ['%H', '%T', '%P', '%an', '%ae', '%cI', '%B'].join('%x00');
  const text = await gitText(
    repository,
    ['show', '--no-patch', '--no-show-signature', `--format=${format}`, '--end-of-options', `${commit}^{commit}`],
    { mostBytes: LARGEST_COMMIT, timeoutMs: LOCAL_DEADLINE },
  );
  const [id = '', tree = '', parents = '', author = '', email = '', date = '', message = ''] = text.split('\0');
  return { id, tree, parents: parents.split(' ').filter(Boolean), author, email, date, message };
}

export function nulList(bytes: Uint8Array): string[] {
  return Buffer.from(bytes).toString().split('\0').filter(Boolean);
}

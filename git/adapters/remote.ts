import { setTimeout } from 'node:timers/promises';
import { CouldNotRun, reasonOf, withoutSecrets } from '#kernel';
import { GitFailed, gitAnswer, gitText, runGit } from './git-process.ts';
import { resolveCommit, type Repository } from './repository.ts';

/** A slow link is not a dead one, but a check must end. */
const REMOTE_TIMEOUT_MS = 120_000;

/** Where a remote's branch is, or null when it has none of that name. @throws CouldNotRun when the remote cannot be read */
export async function remoteTip(cache: Repository, url: string, branch: string): Promise<string | null> {
  const listed = await overNetwork(
    url,
    'read',
    gitText(cache, ['ls-remote', '--', url, `refs/heads/${branch}`], { timeoutMs: REMOTE_TIMEOUT_MS }),
  );
  const line = listed.split('\n').find((candidate) => candidate.endsWith(`\trefs/heads/${branch}`));
  return line === undefined ? null : line.slice(0, line.indexOf('\t'));
}

/** Others may fetch into the same cache at the same moment, and then one of them does not get the lock of the ref. */
const FETCHES = 8;

/** Brings a commit that a remote's branch has held into the cache, under refs/remotes/cached/. */
export async function fetchBranch(cache: Repository, url: string, branch: string, commit: string): Promise<void> {
  const refspec = `+refs/heads/${branch}:refs/remotes/cached/${branch}`;
  const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--', url, refspec];
  for (let attempt = 1; ; attempt += 1) {
    try {
      await overNetwork(url, 'read', runGit(cache, args, { timeoutMs: REMOTE_TIMEOUT_MS }));
      return;
    } catch (thrown) {
      if ((await resolveCommit(cache, commit)) !== undefined) return;
      if (reasonOf(thrown).includes('mismatched algorithms')) throw otherIds(url, thrown);
      if (attempt === FETCHES || !isLock(reasonOf(thrown))) throw thrown;
      await setTimeout(20 + Math.random() * 100 * attempt);
    }
  }
}

function otherIds(url: string, cause: unknown): CouldNotRun {
  const message =
    'names its commits by SHA-256, and what is kept of it on this machine by SHA-1: Git does not bring the two together';
  const remedy = 'clone it, and name the folder of the clone instead of its address';
  return new CouldNotRun({ file: withoutSecrets(url), message, remedy }, { cause });
}

/** The remote said no to a push by a rule of its own: a protected branch, or a hook. Nothing was written. */
export class PushRefused extends CouldNotRun {
  constructor(url: string, branch: string, said: string) {
    super({
      file: withoutSecrets(url),
      message: `the remote refuses a push to ${branch}: ${said}`,
      remedy: 'push to a branch of its own and open a pull request, or let these credentials push to that branch',
    });
    this.name = 'PushRefused';
  }
}

/** What came of a push. `already`: the branch was at that very commit, by somebody else's push. `elsewhere`: nothing moved. */
export type Pushed = 'moved' | 'already' | 'elsewhere';

/**
 * Moves a remote's branch to a commit only while it is at `expected` (null: while it is not there). A clean working tree that has the branch checked out, on this machine, follows; git refuses any other.
 * @throws PushRefused when the remote's own rules forbid it
 */
export async function pushCommit(
  from: Repository,
  url: string,
  branch: string,
  commit: string,
  expected: string | null,
): Promise<Pushed> {
  const receive = 'git -c core.hooksPath=/dev/null -c receive.denyCurrentBranch=updateInstead receive-pack';
  const local = isLocal(url) ? [`--receive-pack=${receive}`] : [];
  const lease = `--force-with-lease=refs/heads/${branch}:${expected ?? ''}`;
  const args = ['push', '--porcelain', '--no-verify', '--no-recurse-submodules', lease, ...local, '--', url];
  try {
    const listed = await gitText(from, [...args, `${commit}:refs/heads/${branch}`], { timeoutMs: REMOTE_TIMEOUT_MS });
    // Git does not hold a branch that is there already against its lease.
    return /^=\t/m.test(listed) && expected !== commit ? 'already' : 'moved';
  } catch (thrown) {
    const said = thrown instanceof GitFailed ? `${thrown.stdout}\n${thrown.stderr}` : reasonOf(thrown);
    const locked = isLock(said);
    if (!locked && !(thrown instanceof GitFailed)) throw thrown;
    const tip = await tipAfter(async () => await remoteTip(from, url, branch), expected, locked ? HELD : 0);
    if (tip === commit) return 'already';
    if (locked || tip !== expected) return 'elsewhere';
    if (!(thrown instanceof GitFailed)) throw thrown;
    const refusal = refusalIn(thrown);
    if (refusal !== undefined) throw new PushRefused(url, branch, refusal);
    return overNetwork(url, 'be written', Promise.reject(thrown));
  }
}

/** Milliseconds that somebody may hold the lock of a branch that they are about to move. */
const HELD = 5000;

/** Where the branch is; while it is still at `before`, it is looked at again for so long. */
async function tipAfter(look: () => Promise<string | null>, before: string | null, patience: number): Promise<string | null> {
  const until = performance.now() + patience;
  let tip = await look();
  for (let pause = 20; tip === before && performance.now() < until; pause = Math.min(500, pause * 2)) {
    await setTimeout(pause);
    tip = await look();
  }
  return tip;
}

/** Where a remote of this name is; undefined when there is none. */
export async function remoteUrl(repository: Repository, remote: string): Promise<string | undefined> {
  return await gitAnswer(repository, ['config', '--get', `remote.${remote}.url`]);
}

/** The branch that a remote calls its own, as of the clone; undefined where that is not known here. */
export async function remoteDefaultBranch(repository: Repository, remote: string): Promise<string | undefined> {
  const ref = await gitAnswer(repository, ['symbolic-ref', '--quiet', `refs/remotes/${remote}/HEAD`]);
  return ref?.slice(`refs/remotes/${remote}/`.length);
}

/** Asks a remote whether a branch could be made there, and makes none. @throws CouldNotRun with what it said when it could not */
export async function tryPush(from: Repository, url: string, branch: string): Promise<void> {
  const args = ['push', '--dry-run', '--quiet', '--no-verify', '--no-recurse-submodules', '--', url, `HEAD:refs/heads/${branch}`];
  await overNetwork(url, 'be written', runGit(from, args, { timeoutMs: REMOTE_TIMEOUT_MS }));
}

function isLock(said: string): boolean {
  return /cannot lock ref|failed to update ref|Unable to create '.*\.lock'|incorrect old value provided/.test(said);
}

/** What a hook or a protected branch answers, with its own words; other rejections are faults, such as a pack that broke. */
function refusalIn({ stdout, stderr }: GitFailed): string | undefined {
  const reason = /^!.*\[remote rejected\][^\n]*\((.*)\)/m.exec(stdout)?.[1];
  if (reason === undefined || !/declined|protected|prohibited|denied|not allowed/i.test(reason)) return undefined;
  return [reason, ...remoteWords(stderr)].join('; ');
}

/** Git puts `remote: ` before each line that the other side prints. */
function remoteWords(stderr: string): string[] {
  const lines = stderr.split('\n').flatMap((line) => /^remote: +(?:error: )?(\S.*)$/.exec(line.trimEnd())?.[1] ?? []);
  return lines.slice(0, 3).map((line) => withoutSecrets(line.trim()));
}

function isLocal(url: string): boolean {
  return url.startsWith('/') || url.startsWith('file://');
}

async function overNetwork<T>(url: string, verb: 'read' | 'be written', work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if (!(thrown instanceof GitFailed)) throw thrown;
    const said = withoutSecrets(thrown.stderr.trim().split('\n').filter(Boolean).slice(0, 3).join('; '));
    const message = `the repository cannot ${verb === 'read' ? 'be read' : verb}: ${said}`;
    const remedy = 'check its address, the network, and that the credentials git uses here give the right to do so';
    // The cause's own message would print the address again, password included.
    throw new CouldNotRun({ file: withoutSecrets(url), message, remedy });
  }
}

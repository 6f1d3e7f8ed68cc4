import { CouldNotRun } from '#kernel';
import { GitFailed, gitText, runGit } from './git-process.ts';
import type { Repository } from './repository.ts';

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

/** Brings a remote's branch into the cache, under refs/remotes/cached/. */
export async function fetchBranch(cache: Repository, url: string, branch: string): Promise<void> {
  const refspec = `+refs/heads/${branch}:refs/remotes/cached/${branch}`;
  const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--', url, refspec];
  await overNetwork(url, 'read', runGit(cache, args, { timeoutMs: REMOTE_TIMEOUT_MS }));
}

/**
 * Moves a remote's branch to a commit only while it is at `expected` (null: while it is not there). False when someone else
 * was faster. A clean working tree that has the branch checked out, on this machine, follows; git refuses any other.
 */
export async function pushCommit(
  from: Repository,
  url: string,
  branch: string,
  commit: string,
  expected: string | null,
): Promise<boolean> {
  const receive = 'git -c core.hooksPath=/dev/null -c receive.denyCurrentBranch=updateInstead receive-pack';
  const local = isLocal(url) ? [`--receive-pack=${receive}`] : [];
  const lease = `--force-with-lease=refs/heads/${branch}:${expected ?? ''}`;
  const args = [
    'push',
    '--quiet',
    '--no-verify',
    '--no-recurse-submodules',
    lease,
    ...local,
    '--',
    url,
    `${commit}:refs/heads/${branch}`,
  ];
  try {
    await runGit(from, args, { timeoutMs: REMOTE_TIMEOUT_MS });
    return true;
  } catch (thrown) {
    if (thrown instanceof GitFailed && (await remoteTip(from, url, branch)) !== expected) return false;
    return overNetwork(url, 'be written', Promise.reject(thrown as Error));
  }
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

/** An address may carry a token: https://user:token@host/. */
function withoutSecrets(text: string): string {
  return text.replace(/(\w+:\/\/)[^\s/@]+@/g, '$1');
}

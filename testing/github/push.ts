import { execFileSync } from 'node:child_process';
import { OWNER, REPOSITORY, type Github } from './github.ts';

export const OURS = `${OWNER}/${REPOSITORY}`;

/** A repository there, and what it is known to hold. */
export type Target = { repository: string; there: Set<string> };

/**
 * Pushes a branch of a real repository to the emulator, which speaks no Git.
 * @param target objects that were pushed before are not again
 */
export async function pushTo(
  github: Github,
  folder: string,
  branch: string,
  target: Target = { repository: OURS, there: new Set() },
): Promise<string> {
  const { repository } = target;
  const sha = await pushObjects(github, folder, branch, target);
  const refs = `/repos/${repository}/git/refs`;
  github.proxy.pullRequests.pushed(repository, branch, sha);
  await github.call('POST', refs, { ref: `refs/heads/${branch}`, sha }).catch(async () => {
    await github.call('PATCH', `${refs}/heads/${branch}`, { sha, force: true });
  });
  return sha;
}

/** Every object is made again through the API and comes out under its own id, which is checked. */
export async function pushObjects({ call }: Github, folder: string, tip: string, { repository, there }: Target): Promise<string> {
  const at = `/repos/${repository}/git`;
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { maxBuffer: 64 * 1024 * 1024 });
  const commits = lines(git('rev-list', '--reverse', '--topo-order', tip));
  for (const commit of commits) if (!there.has(commit)) await pushCommit(call, git, commit, { at, there });
  return commits.at(-1) ?? '';
}

type Git = (...args: string[]) => Buffer;

async function pushCommit(
  call: Github['call'],
  git: Git,
  commit: string,
  { at, there }: { at: string; there: Set<string> },
): Promise<void> {
  const entries = [];
  for (const line of lines(git('ls-tree', '-r', commit))) {
    const [, mode = '', type = '', sha = '', path = ''] = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/.exec(line) ?? [];
    if (!there.has(sha)) {
      const content = git('cat-file', 'blob', sha).toString('base64');
      await call('POST', `${at}/blobs`, { content, encoding: 'base64' });
      there.add(sha);
    }
    entries.push({ path, mode, type, sha });
  }
  const { sha: tree } = await call<{ sha: string }>('POST', `${at}/trees`, { tree: entries });
  const [parents = '', name, email, date, cName, cEmail, cDate, ...message] = git(
    'show',
    '--no-patch',
    '--format=%P%n%an%n%ae%n%aI%n%cn%n%ce%n%cI%n%B',
    commit,
  )
    .toString()
    .split('\n');
  const made = await call<{ sha: string }>('POST', `${at}/commits`, {
    tree,
    parents: parents.split(' ').filter((parent) => parent !== ''),
    message: `${message.join('\n').trimEnd()}\n`,
    author: { name, email, date },
    committer: { name: cName, email: cEmail, date: cDate },
  });
  if (made.sha !== commit) throw new Error(`the emulator made ${made.sha} of ${commit}`);
  there.add(commit);
}

function lines(output: Buffer): string[] {
  return output
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { startGitServer, type GitServer } from '../rig/git-server.ts';
import { OWNER, PERSON_TOKEN, REPOSITORY, startGithub, type Github } from './github.ts';
import { startLfsServer, type LfsServer } from './lfs-server.ts';
import { pushTo } from './push.ts';

/** GitHub with the half that the emulator lacks: repositories that Git clones and pushes, and what follows a push. */
export type Hosted = {
  github: Github;
  git: GitServer;
  /** Of the models' repository. */
  lfs: LfsServer;
  /** Bare, of the models and of the fleet. */
  model: string;
  fleet: string;
  /** Password for Git, and the token of a job. */
  token: string;
  close: () => Promise<void>;
};

/** No pull request is about it, and it holds a file for every fact. */
const UNSHOWN = ['fieldproof/ledger'];

/**
 * @param folder where the repositories lie, below their owner
 * @param arrived called when a repository has taken a push, before whoever pushed is told so
 */
export async function startHosted(
  folder: string,
  arrived: (name: string) => Promise<void> = () => Promise.resolve(),
): Promise<Hosted> {
  const github = await startGithub();
  const repository = `${OWNER}/${REPOSITORY}`;
  const mirror = mirrorOf(github, path.join(folder, `${repository}.git`));
  const pushed = async (name: string) => {
    if (name === repository) await mirror();
    await arrived(name);
  };
  const lfs = await startLfsServer(null);
  const server = await startGitServer(folder, { password: PERSON_TOKEN, pushed, lfs: lfs.handle });
  const [model, fleet] = [server.create(repository), server.create(`${repository}-fleet`)];
  const close = async () => void (await Promise.all([server.close(), github.close(), lfs.close()]));
  return { github, git: server, lfs, model, fleet, token: PERSON_TOKEN, close };
}

/** Brings what was pushed into the emulator, as GitHub sees it at once. */
function mirrorOf(github: Github, folder: string): () => Promise<void> {
  const objects = new Set<string>();
  const shown = new Map<string, string>();
  return async () => {
    for (const line of git(folder, 'for-each-ref', '--format=%(refname:lstrip=2) %(objectname)', 'refs/heads').split('\n')) {
      const [branch = '', commit = ''] = line.split(' ');
      if (branch === '' || UNSHOWN.includes(branch) || shown.get(branch) === commit) continue;
      await pushTo(github, folder, branch, objects);
      shown.set(branch, commit);
    }
    await mergeArrived(github, folder);
  };
}

/** A pull request whose head is on its base has been merged, by whatever way. */
async function mergeArrived({ call, callProxy, proxy }: Github, folder: string): Promise<void> {
  type Pull = { number: number; head: { sha: string }; base: { sha: string } };
  const at = `/repos/${OWNER}/${REPOSITORY}/pulls`;
  for (const { number, head, base } of await callProxy<Pull[]>('GET', `${at}?state=open&per_page=100`)) {
    if (head.sha === base.sha || git(folder, 'merge-base', head.sha, base.sha) !== head.sha) continue;
    proxy.pullRequests.merged(number, base.sha);
    await call('PATCH', `${at}/${number}`, { state: 'closed' });
  }
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();
}

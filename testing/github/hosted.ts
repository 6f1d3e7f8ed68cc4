import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { startGitServer, type GitServer } from '../rig/git-server.ts';
import { PASSER_BY, PERSON_TOKEN, REPOSITORY, startGithub, type Github } from './github.ts';
import { startLfsServer, type LfsServer } from './lfs-server.ts';
import { OURS, pushObjects, pushTo, type Target } from './push.ts';

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
  /** Of the models' repository, for somebody who may not push to it. */
  fork: () => Promise<Fork>;
  /** As GitHub does: the head of every pull request is a ref of ours, from whatever repository it comes. */
  showPulls: () => Promise<void>;
  close: () => Promise<void>;
};

/** A repository of somebody else's, which what is proposed to ours may come from. */
export type Fork = { owner: string; url: string; token: string };

type Pull = { number: number; head: End; base: End };
type End = { sha: string; ref: string; repo: { full_name: string } | null };

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
  const folderOf = (name: string) => path.join(folder, `${name}.git`);
  const ours: Target = { repository: OURS, there: new Set() };
  const mirrors = new Map([[OURS, mirrorOf(github, folderOf(OURS), ours)]]);
  const showPulls = async () => {
    for (const { number, head } of await pullsOf(github)) {
      const name = head.repo?.full_name ?? OURS;
      // A pull request of the App's own is of a branch that Git has not seen.
      if (git(folderOf(name), 'for-each-ref', `refs/heads/${head.ref}`) === '') continue;
      git(folderOf(OURS), 'fetch', '--quiet', '--no-tags', folderOf(name), `+refs/heads/${head.ref}:refs/pull/${number}/head`);
      await pushObjects(github, folderOf(OURS), `refs/pull/${number}/head`, ours);
    }
  };
  const pushed = async (name: string) => {
    const mirror = mirrors.get(name);
    if (mirror !== undefined) {
      await mirror();
      // Before what has arrived is looked for: the heads of a fork are there then.
      await showPulls();
      await mergeArrived(github, folderOf(OURS));
    }
    await arrived(name);
  };
  const lfs = await startLfsServer(null);
  const server = await startGitServer(folder, { password: PERSON_TOKEN, pushed, lfs: lfs.handle });
  const [model, fleet] = [server.create(OURS), server.create(`${OURS}-fleet`)];
  const fork = async () => {
    const { login, token } = PASSER_BY;
    await github.callAs(token, 'POST', `/repos/${OURS}/forks`, {});
    const name = `${login}/${REPOSITORY}`;
    git(server.create(name), 'fetch', '--quiet', model, '+refs/heads/main:refs/heads/main');
    const theirs: Github = { ...github, call: async (...asked) => await github.callAs(token, ...asked) };
    mirrors.set(name, mirrorOf(theirs, folderOf(name), { repository: name, there: new Set() }));
    return { owner: login, url: `https://github.com/${name}.git`, token };
  };
  const close = async () => void (await Promise.all([server.close(), github.close(), lfs.close()]));
  return { github, git: server, lfs, model, fleet, token: PERSON_TOKEN, fork, showPulls, close };
}

/** Brings what was pushed into the emulator, as GitHub sees it at once. */
function mirrorOf(github: Github, folder: string, target: Target): () => Promise<void> {
  const shown = new Map<string, string>();
  return async () => {
    for (const line of git(folder, 'for-each-ref', '--format=%(refname:lstrip=2) %(objectname)', 'refs/heads').split('\n')) {
      const [branch = '', commit = ''] = line.split(' ');
      if (branch === '' || UNSHOWN.includes(branch) || shown.get(branch) === commit) continue;
      await pushTo(github, folder, branch, target);
      shown.set(branch, commit);
    }
  };
}

/** A pull request whose head is on its base has been merged, by whatever way. */
async function mergeArrived(github: Github, folder: string): Promise<void> {
  for (const { number, head, base } of await pullsOf(github)) {
    if (head.sha === base.sha || git(folder, 'merge-base', head.sha, base.sha) !== head.sha) continue;
    github.proxy.pullRequests.merged(number, base.sha);
    await github.call('PATCH', `/repos/${OURS}/pulls/${number}`, { state: 'closed' });
  }
}

async function pullsOf({ callProxy }: Github): Promise<Pull[]> {
  return await callProxy<Pull[]>('GET', `/repos/${OURS}/pulls?state=open&per_page=100`);
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();
}

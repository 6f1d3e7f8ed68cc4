import { expect, it } from 'vitest';
import { JudgedFleet } from '../../testing/worlds/judged-fleet.ts';
import { judgedFleets } from '../../testing/worlds/judged-fleets.ts';
import { healthy, failed, ScriptedWatcher } from '../../testing/fakes/scripted-watcher.ts';
import type { PullRequests } from '../../codehost/code-host.ts';

const { keep } = judgedFleets();

type Proposal = Parameters<PullRequests['propose']>[0];

/** A code host that keeps one open pull request per head branch, and a person who merges it as one new commit. */
class Host {
  readonly open = new Map<string, Proposal>();
  readonly #fleet: JudgedFleet;

  constructor(fleet: JudgedFleet) {
    this.#fleet = fleet;
  }

  propose(proposal: Proposal): Promise<{ number: number; url: string }> {
    this.open.set(proposal.head, proposal);
    return Promise.resolve({
      number: [...this.open.keys()].indexOf(proposal.head) + 1,
      url: `https://git.example/${proposal.head}`,
    });
  }

  squash(head: string): void {
    const git = (...args: string[]) => this.#fleet.git(...args);
    const tree = git('merge-tree', '--write-tree', 'main', head).split('\n')[0] ?? '';
    git('update-ref', 'refs/heads/main', git('commit-tree', tree, '-p', 'main', '-m', `${this.open.get(head)?.title} (#1)`));
    this.open.delete(head);
  }
}

async function merged(): Promise<{ fleet: JudgedFleet; host: Host }> {
  const fleet = keep(
    new JudgedFleet({
      mode: 'pull-request',
      sites: [
        { name: 'lobby-berlin', chipset: 'edge', canary: true },
        { name: 'cloud-eu', chipset: 'cloud' },
      ],
    }),
  );
  const files = [{ path: 'README.md', content: 'Our fleet' }];
  await fleet.fleet().commit({ parent: null, branch: 'main', files, message: 'Begin', date: new Date('2026-01-01') });
  await fleet.judge('porch', 'new');
  return { fleet, host: new Host(fleet) };
}

it('a wave is a pull request; merged in whatever way, and healthy, it lets the next one be opened', async () => {
  const { fleet, host } = await merged();
  const watcher = new ScriptedWatcher();
  const deploy = () => fleet.deploy({ wait: 'always' }, { watcher, pullRequests: host });
  const [first] = await deploy();
  expect(first).toMatchObject({
    state: 'proposed',
    reason: expect.stringMatching(/^pull request #1 for wave 1 of 2 \(lobby-berlin\) waits to be merged into main: https/),
  });
  expect(await deploy()).toEqual([first]);
  const [[head, proposal] = ['', undefined]] = host.open;
  expect(proposal).toMatchObject({
    base: 'main',
    title: 'Deploy porch at new: wave 1 of 2',
    body: expect.stringContaining('Fieldproof-Record: sha256:'),
  });
  host.squash(head);
  fleet.edit('README.md', 'beside');
  expect((await deploy())[0]).toMatchObject({ state: 'proposed', reason: expect.stringContaining('wave 2 of 2 (cloud-eu)') });
  expect(watcher.asked.map(({ site, commit }) => [site, commit])).toEqual([['lobby-berlin', fleet.git('rev-parse', 'main')]]);
  host.squash([...host.open.keys()][0] ?? '');
  expect(await deploy()).toMatchObject([{ state: 'healthy' }]);
  expect(fleet.running('porch', ['new'])).toEqual({ 'lobby-berlin': 'new', 'cloud-eu': 'new' });
  const deployments = (await fleet.ledger.entries()).filter(({ record }) => record.fact.kind === 'deployment');
  expect(deployments.map(({ record }) => record.fact['fleetCommit'])).toEqual([
    fleet.git('rev-parse', 'main~2'),
    fleet.git('rev-parse', 'main'),
  ]);
});

it('without a code host the answer names the branch to open one for', async () => {
  const { fleet } = await merged();
  const [landing] = await fleet.deploy({ wait: 'never' });
  expect(landing).toMatchObject({
    state: 'proposed',
    reason: expect.stringMatching(/^fieldproof\/porch\/\w{12} waits in \.\.\/fleet\.git: open a pull request from it into main/),
  });
  expect(fleet.subjects()).toEqual(['Begin']);
});

it('what failed is taken back by a pull request too', async () => {
  const { fleet, host } = await merged();
  const watcher = new ScriptedWatcher((target) => (target.site === 'lobby-berlin' ? failed(target) : healthy(target)));
  await fleet.deploy({}, { watcher, pullRequests: host });
  host.squash([...host.open.keys()][0] ?? '');
  const [landing] = await fleet.deploy({}, { watcher, pullRequests: host });
  expect(landing).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('waits for a person (deploy.mode is pull-request), pull request #1'),
  });
  const [head = ''] = host.open.keys();
  host.squash(head);
  expect(fleet.git('ls-tree', '-r', '--name-only', 'main').split('\n')).toEqual([
    'README.md',
    'clusters/lobby-berlin/fieldproof.yaml',
  ]);
});

it('there is nothing to merge a pull request into before the branch has begun', async () => {
  const fleet = keep(new JudgedFleet({ mode: 'pull-request' }));
  await fleet.judge('porch', 'new');
  await expect(fleet.deploy()).rejects.toThrow(/there is no branch main yet[\s\S]*push a first commit/);
});

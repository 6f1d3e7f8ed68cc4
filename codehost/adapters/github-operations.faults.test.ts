import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckRun, CodeHost } from '../code-host.ts';
import type { Seen } from '../../testing/worlds/code-host-world.ts';
import { faults, type Fault } from '../../testing/github/faults.ts';
import { startGithub, type Github } from '../../testing/github/github.ts';
import { clientOptions, seeAll, seedRepository, type Seeded } from '../../testing/github/world.ts';
import { openGithub } from './github-code-host.ts';

let github: Github;
beforeAll(async () => {
  github = await startGithub();
});
afterAll(() => github.close());

const marker = '<!-- fieldproof:sweep -->';
const annotations = Array.from({ length: 60 }, (_, at) => ({
  path: 'fieldproof.yaml',
  line: at + 1,
  level: 'warning' as const,
  title: `porch: site-${at}`,
  message: 'undecided',
}));

type Operation = {
  name: string;
  /** What was done before, without a fault. */
  before?: (host: CodeHost, seeded: Seeded) => Promise<unknown>;
  act: (host: CodeHost, seeded: Seeded) => Promise<unknown>;
};

function run(seeded: Seeded, state: 'in_progress' | 'completed'): CheckRun {
  const words = { name: 'Fieldproof', head: seeded.head, title: 'Fails', summary: 'porch fails', text: null, detailsUrl: null };
  return state === 'completed'
    ? { ...words, externalId: 'record', annotations, status: state, conclusion: 'failure' }
    : { ...words, externalId: 'started', annotations: [], status: state };
}

const issue = { marker, title: 'Shift', body: `${marker}\nof scores`, labels: ['drift'] };

const operations: readonly Operation[] = [
  { name: 'a run is begun', act: (host, seeded) => host.checks.publish(run(seeded, 'in_progress')) },
  {
    name: 'a run that was begun is gone on with',
    before: (host, seeded) => host.checks.publish(run(seeded, 'in_progress')),
    act: (host, seeded) => host.checks.goOn({ ...run(seeded, 'in_progress'), title: 'Half of it', status: 'in_progress' }),
  },
  {
    name: 'a run is ended with annotations',
    before: (host, seeded) => host.checks.publish(run(seeded, 'in_progress')),
    act: (host, seeded) => host.checks.publish(run(seeded, 'completed')),
  },
  {
    name: 'a pull request is proposed',
    act: (host, { proposalBranch: head }) =>
      host.pullRequests.propose({ head, base: 'main', title: 'Deploy', body: 'It passed', labels: ['fieldproof'] }),
  },
  {
    name: 'a comment is written',
    act: (host, { pullRequest }) => host.comments.upsert({ pullRequest, marker, body: `${marker} fail` }),
  },
  {
    name: 'a comment is written over',
    before: (host, { pullRequest }) => host.comments.upsert({ pullRequest, marker, body: `${marker} pass` }),
    act: (host, { pullRequest }) => host.comments.upsert({ pullRequest, marker, body: `${marker} fail` }),
  },
  { name: 'an issue is opened', act: (host) => host.issues.upsert(issue) },
  {
    name: 'an issue is closed',
    before: (host) => host.issues.upsert(issue),
    act: (host) => host.issues.close({ marker, comment: 'It ended.' }),
  },
  {
    name: 'a deployment is queued',
    act: (host, { main: commit }) =>
      host.deployments.record({
        commit,
        environment: 'porch/yard-oslo/edge-box',
        state: 'queued',
        description: 'waits',
        url: null,
      }),
  },
];

async function play(
  { before, act }: Operation,
  fault: { kind: Fault; at: number } | null,
): Promise<{ seen: Seen; calls: number }> {
  const seeded = await seedRepository(github);
  if (before !== undefined) await before(await openGithub(clientOptions(github)), seeded);
  github.proxy.fail(({ at }) => (fault?.at === at ? fault.kind : null));
  await act(await openGithub(clientOptions(github)), seeded);
  const calls = github.proxy.calls.length;
  github.proxy.fail(() => null);
  return { seen: withoutCommits(await seeAll(github, seeded), seeded), calls };
}

/** Commits are new ones in each play. */
function withoutCommits(seen: Seen, { head, main }: Seeded): Seen {
  return JSON.parse(JSON.stringify(seen).replaceAll(head, 'HEAD').replaceAll(main, 'MAIN')) as Seen;
}

describe.each(operations)('whatever call fails while $name', (operation) => {
  it.each(faults)('with: %s, the end is the same and nothing is there twice', async (kind) => {
    const plain = await play(operation, null);
    expect(plain.calls).toBeGreaterThan(3);
    for (let at = 0; at < plain.calls; at += 1) {
      expect((await play(operation, { kind, at })).seen, `call ${at}`).toEqual(plain.seen);
    }
  });
});

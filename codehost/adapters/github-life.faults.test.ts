import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { playLife } from '../../examples/porch/github/life.ts';
import type { Seen } from '../../testing/worlds/code-host-world.ts';
import type { Call } from '../../testing/github/fault-proxy.ts';
import { faults, type Fault } from '../../testing/github/faults.ts';
import { OWNER, REPOSITORY, startGithub, type Github } from '../../testing/github/github.ts';
import { OURS, pushTo } from '../../testing/github/push.ts';
import { readLife, type RecordedLife, type TellingJob } from '../../testing/github/recorded-life.ts';
import { clientOptions, seeAll } from '../../testing/github/world.ts';
import { openGithub } from './github-code-host.ts';

/**
 * The life that `make demo-github` plays is played once for real. Then what it told GitHub is told again, from the entry points
 * of publishing, deploying and replaying down, once for each fault at each call. FIELDPROOF_LIFE names the folder of a life that
 * was played before.
 */
let folder: string;
let github: Github;
let life: RecordedLife;
let objects: readonly Made[];
beforeAll(async () => {
  folder = process.env['FIELDPROOF_LIFE'] ?? mkdtempSync(path.join(tmpdir(), 'fieldproof-life-'));
  if (process.env['FIELDPROOF_LIFE'] === undefined) await playLife(folder, { step: () => {}, seen: () => {} });
  life = await readLife(folder);
}, 900_000);
afterAll(() => {
  life.close();
  if (process.env['FIELDPROOF_LIFE'] === undefined) rmSync(folder, { recursive: true });
});

let plays = 0;
/** Milliseconds. Only a body that never ends has to be waited for; a busy machine answers late. */
let timeout = 10_000;
beforeEach(begin);
afterEach(() => github.close());

async function begin(): Promise<void> {
  github = await startGithub();
  objects = await objectsOf(life.repository);
}

const repository = `/repos/${OWNER}/${REPOSITORY}`;

type Made = { method: string; path: string; body: unknown };

/** The calls that make every commit of a repository on GitHub: Git is asked once, and not for each play. */
async function objectsOf(from: string): Promise<Made[]> {
  const made: Made[] = [];
  const call: Github['call'] = (method, to, body) => {
    if (!to.includes('/refs')) made.push({ method, path: to, body });
    return github.call(method, to, body);
  };
  await pushTo({ ...github, call }, from, 'main');
  return made;
}

type Plan = (call: Call) => Fault | null;
type Played = { seen: Seen; calls: number; again: string[] };

async function play(plan: Plan): Promise<Played> {
  plays += 1;
  // The emulator gives an App 5,000 calls an hour.
  if (plays % 20 === 0) {
    await github.close();
    await begin();
  }
  github.reset();
  const { call, proxy } = github;
  for (const { method, path: to, body } of objects) await call(method, to, body);
  await show('main', life.base);
  await show(life.branch, life.heads[0]);
  const pull = { title: 'Train on night and rain', head: life.branch, base: 'main' };
  const { number } = await call<{ number: number }>('POST', `${repository}/pulls`, pull);
  const told = { calls: 0, again: [] };
  const { check, checkAgain, after } = life.jobs(number);
  await work(check, plan, told);
  await show(life.branch, life.heads[1]);
  await work(checkAgain, plan, told);
  await show('main', life.merged);
  proxy.pullRequests.merged(number, life.merged);
  await call('PATCH', `${repository}/pulls/${number}`, { state: 'closed' });
  for (const job of after) await work(job, plan, told);
  const [head, main] = life.heads;
  const seen = await seeAll(github, { head, main, pullRequest: number, proposalBranch: '' });
  return { seen: { ...seen, comments: seen.comments.map(withoutAddress) }, ...told };
}

/** The emulator has another address whenever it is begun anew. */
function withoutAddress({ author, body }: Seen['comments'][number]): Seen['comments'][number] {
  return { author, body: body.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'https://github.com') };
}

/** What a push to this branch changes on GitHub. */
async function show(branch: string, sha: string): Promise<void> {
  const there = await github.call('GET', `${repository}/git/ref/heads/${branch}`).then(
    () => true,
    () => false,
  );
  if (there) await github.call('PATCH', `${repository}/git/refs/heads/${branch}`, { sha, force: true });
  else await github.call('POST', `${repository}/git/refs`, { ref: `refs/heads/${branch}`, sha });
  github.proxy.pullRequests.pushed(OURS, branch, sha);
}

/** A job that ends in an error is run again, whole, as a person would; by then the fault is over. */
async function work({ name, steps }: TellingJob, plan: Plan, told: { calls: number; again: string[] }): Promise<void> {
  const attempt = async (faulty: Plan) => {
    for (const step of steps) {
      github.proxy.fail((call) => faulty({ ...call, at: told.calls++ }));
      await step(await openGithub({ ...clientOptions(github), timeout }));
    }
  };
  try {
    await attempt(plan);
  } catch {
    told.again.push(name);
    await attempt(() => null);
  } finally {
    github.proxy.fail(() => null);
  }
}

/** Every call, or for a quick look each so many. */
const stride = Number(process.env['FIELDPROOF_FAULT_STRIDE'] ?? 1);

describe('the life of a change on GitHub', { timeout: 1_800_000 }, () => {
  it('leaves what a person should find', async () => {
    const { seen, again } = await play(() => null);
    expect(again).toEqual([]);
    expect(seen.checkRuns.map(({ status, conclusion }) => [status, conclusion])).toEqual([
      ['completed', 'failure'],
      ['completed', 'success'],
    ]);
    expect(seen.comments).toHaveLength(1);
    expect(seen.deployments.map(({ states }) => states)).toEqual(Array.from({ length: 3 }, () => ['queued', 'in_progress']));
    expect(seen.issues.length).toBeGreaterThan(0);
    for (const { open, comments } of seen.issues) expect([open, comments.length]).toEqual([false, 1]);
    expect(seen.pullRequests.filter(({ open }) => open)).toHaveLength(1);
  });

  it.each(faults)('with: %s at any call, ends the same, and nothing is there twice', async (kind) => {
    timeout = kind === 'slow body after' ? 1000 : 10_000;
    const plain = await play(() => null);
    for (let at = 0; at < plain.calls; at += stride) {
      const { seen, again } = await play((call) => (call.at === at ? kind : null));
      expect({ at, again, seen }).toEqual({ at, again: [], seen: plain.seen });
    }
  });

  it.each(['server error', 'bad gateway after'] as const)(
    'with: %s from a call on, whenever a job runs for the first time, is the same to see when it is run again',
    async (kind) => {
      timeout = 10_000;
      const plain = await play(() => null);
      for (let at = 0; at < plain.calls; at += 3 * stride) {
        const { seen } = await play((call) => (call.at >= at ? kind : null));
        expect({ at, seen: atLast(seen) }).toEqual({ at, seen: atLast(plain.seen) });
      }
    },
  );
});

/**
 * A job that is run again begins a run of its own, as on GitHub, to which the comment then leads; and a release that has landed
 * meanwhile is queued no more.
 */
function atLast(seen: Seen): unknown {
  const checkRuns = [...new Map(seen.checkRuns.map((run) => [run.externalId, run])).values()];
  // They are numbered as they are begun.
  const last = `/checks/${seen.checkRuns.length})`;
  const comments = seen.comments.map(({ author, body }) => ({ author, body: body.replaceAll(last, '/checks/of-the-last-run)') }));
  const deployments = seen.deployments.map((one) => ({ ...one, states: one.states.slice(-1) }));
  return { ...seen, checkRuns, comments, deployments };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playLife } from '../../examples/porch/github/life.ts';
import type { Seen } from '../../testing/code-host-world.ts';
import type { Call } from '../../testing/github/fault-proxy.ts';
import { faults, type Fault } from '../../testing/github/faults.ts';
import { OWNER, REPOSITORY, startGithub, type Github } from '../../testing/github/github.ts';
import { pushTo } from '../../testing/github/push.ts';
import { readLife, type RecordedLife, type TellingJob } from '../../testing/github/recorded-life.ts';
import { clientOptions, seeAll } from '../../testing/github/world.ts';
import { openGithub } from './github-code-host.ts';

/**
 * The life that `make demo-github` plays is played once for real. Then what it told GitHub is told again, from the entry points
 * of publishing, deploying and replaying down, once for each fault at each call.
 */
let folder: string;
let github: Github;
let life: RecordedLife;
beforeAll(async () => {
  folder = process.env['FIELDPROOF_LIFE'] ?? mkdtempSync(path.join(tmpdir(), 'fieldproof-life-'));
  if (process.env['FIELDPROOF_LIFE'] === undefined) await playLife(folder, { step: () => {}, seen: () => {} });
  life = await readLife(folder);
  github = await startGithub();
}, 900_000);
afterAll(async () => {
  await github.close();
  if (process.env['FIELDPROOF_LIFE'] === undefined) rmSync(folder, { recursive: true });
});

const at = `/repos/${OWNER}/${REPOSITORY}`;

type Plan = (call: Call) => Fault | null;
type Played = { seen: Seen; calls: readonly Call[]; again: string[] };

/** A job that ended in an error is run again, as a person would. */
async function play(plan: Plan): Promise<Played> {
  github.reset();
  const { call, proxy } = github;
  await pushTo(github, life.repository, 'main');
  const show = async (branch: string, commit: string) => {
    const path = `${at}/git/refs/heads/${branch}`;
    await call('PATCH', path, { sha: commit, force: true }).catch(() => call('POST', `${at}/git/refs`, { ref: `refs/heads/${branch}`, sha: commit }));
    proxy.pullRequests.pushed(branch, commit);
  };
  await show('main', life.base);
  await show(life.branch, life.heads[0]);
  const { number } = await call<{ number: number }>('POST', `${at}/pulls`, { title: 'Train on night and rain', head: life.branch, base: 'main' });
  const calls: Call[] = [];
  const again: string[] = [];
  const run = async (jobs: readonly TellingJob[]) => {
    for (const job of jobs) again.push(...(await runJob(job, plan, calls)));
  };
  const { check, checkAgain, after, end } = life.jobs(number);
  try {
    await run(check);
    await show(life.branch, life.heads[1]);
    await run(checkAgain);
    await show('main', life.merged);
    proxy.pullRequests.merged(number, life.merged);
    await call('PATCH', `${at}/pulls/${number}`, { state: 'closed' });
    await run(after);
  } finally {
    end();
  }
  const [head, main] = life.heads;
  return { seen: await seeAll(github, { head, main, pullRequest: number, proposalBranch: '' }), calls, again };
}

async function runJob(job: TellingJob, plan: Plan, calls: Call[]): Promise<string[]> {
  const before = calls.length;
  for (let attempt = 0; ; attempt += 1) {
    github.proxy.fail((call) => {
      const counted = { ...call, at: calls.length };
      calls.push(counted);
      return attempt === 0 ? plan(counted) : null;
    });
    try {
      await job.run(await openGithub(clientOptions(github)));
      return attempt === 0 ? [] : [job.name];
    } catch (thrown) {
      if (attempt > 0 || calls.length === before) throw thrown;
    } finally {
      github.proxy.fail(() => null);
    }
  }
}

describe('the life of a change', () => {
  it('is told without a fault', async () => {
    const { seen, calls, again } = await play(() => null);
    console.log(JSON.stringify(seen, undefined, 1).slice(0, 3000), calls.length, again);
    const since = performance.now();
    await play(() => null);
    console.log(performance.now() - since);
  });
});

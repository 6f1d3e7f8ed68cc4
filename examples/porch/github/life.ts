/**
 * The whole life of a change on GitHub, step by step: what happens is done as a team, a runner and a camera do it, and what a
 * person then sees is read back from GitHub and held to what it should be.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { startHosted, type Hosted } from '../../../testing/github/hosted.ts';
import { surroundings } from '../../../testing/github/surroundings.ts';
import { nightsFrom, sendNight } from '../../../testing/worlds/porch-nights.ts';
import { CLI, execute } from './execute.ts';
import { playBucket } from './bucket.ts';
import { playHostileFork } from './hostile-fork.ts';
import { playDocumentation, playLargeFiles, playMergeQueue } from './other-changes.ts';
import { Page, type CheckSeen } from './page.ts';
import type { Life, Tell } from './played.ts';
import { Runner, type Ran } from './runner.ts';
import { drawData, foundTeam, modelYaml, weights } from './team.ts';

const { FIELDPROOF_CACHE, XDG_CACHE_HOME = path.join(homedir(), '.cache') } = process.env;
/** That of whoever plays: what was built before is not built again. */
const CACHE = FIELDPROOF_CACHE ?? path.join(XDG_CACHE_HOME, 'fieldproof');

const SITE = 'lobby-berlin';

/** Everything it makes lies below the folder and stays there. */
export async function playLife(folder: string, tell: Tell): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const hosted = await startHosted(path.join(folder, 'github'));
  try {
    const life = await begin(folder, hosted, tell);
    const merged = await playPullRequest(life);
    await playDeploy(life, merged);
    await playNights(life);
    await playHarvest(life);
    await playHostileFork(life);
    await playDocumentation(life);
    await playLargeFiles(life);
    await playMergeQueue(life);
    await playBucket(life);
  } finally {
    await hosted.close();
  }
}

async function begin(folder: string, hosted: Hosted, tell: Tell): Promise<Life> {
  tell.step('A team has a model in the field: the first release is judged and deployed by hand');
  const runner = new Runner(path.join(folder, 'runner'), hosted, surroundings(folder, 'runner', hosted, CACHE));
  // A runner finds the data where the team has it: beside the repository.
  const data = path.join(runner.folder, 'data');
  await drawData(data);
  cpSync(data, path.join(folder, 'data'), { recursive: true });
  const env = surroundings(folder, 'team', hosted, CACHE);
  const remote = 'https://github.com/acme/porch.git';
  const team = await foundTeam({ folder: path.join(folder, 'porch'), remote, data: path.join(folder, 'data'), env });
  for (const args of [['check', '--base', 'main', '--head', 'main'], ['deploy'], ['ledger', '--sync', 'origin']])
    await execute(CLI, args, { cwd: team.folder, env });
  const life = { folder, hosted, team, runner, page: new Page(hosted), tell };
  tell.seen('fleet', await fleetOf(life));
  return life;
}

async function playPullRequest(life: Life): Promise<string> {
  const { team, page, tell } = life;
  const branch = 'night-and-rain';
  tell.step('A pull request: weights that know night and rain, and a slip in the preprocessing');
  const slip = modelYaml('range: [0, 1]', 'range: [0, 255]');
  const files = { 'models/porch/porch.onnx': weights('v3-field'), 'models/porch/model.yaml': slip };
  const first = await team.push(branch, 'Train on night and rain', files);
  const { number } = await page.open(branch, 'Train on night and rain');
  const failed = await judge(life, { number, commit: first, name: '1-slip' });
  assert.deepEqual([failed.code, failed.check.conclusion], [1, 'failure']);

  tell.step('The slip is found and mended: another push to the same pull request');
  const second = await team.push(branch, 'Scale pixels as in training', { 'models/porch/model.yaml': modelYaml() });
  const passed = await judge(life, { number, commit: second, name: '2-mended' });
  assert.deepEqual([passed.code, passed.check.conclusion], [0, 'success']);
  assert.equal(passed.comment.id, failed.comment.id, 'the comment is another one');
  assert.notEqual(passed.check.id, failed.check.id, 'the new head has no check run of its own');
  assert.deepEqual(await page.checks(first), [failed.check], 'the check of the first head has changed');

  tell.step('It is merged');
  const merged = await team.merge(branch, number);
  const [pull] = await page.pulls();
  assert.equal(pull?.merged, true);
  tell.seen('pull request', `#${number} ${pull?.title}: merged`);
  return merged;
}

type Judged = { code: number; check: CheckSeen; comment: { id: number; firstLine: string } };

async function judge(life: Life, { number, commit, name }: { number: number; commit: string; name: string }): Promise<Judged> {
  const { team, page, runner, tell, folder } = life;
  const payload = { pull_request: { number, base: { sha: await team.git('rev-parse', 'main') }, head: { sha: commit } } };
  const job = { name: 'check', event: 'pull_request', payload, commit, inputs: { command: 'check' } } as const;
  const watch = new AbortController();
  const watching = watchCheck(life, commit, watch.signal);
  const ran = await runner.run(job).finally(() => watch.abort());
  const states = await watching;
  assert.deepEqual(states.map(({ status }) => status)[0], 'in_progress', 'nobody saw it begin');
  cpSync(path.join(ran.workspace, 'fieldproof', 'report'), path.join(folder, 'reports', name), { recursive: true });
  const [check, ...more] = await page.checks(commit);
  const [comment, ...others] = await page.comments(number);
  assert.deepEqual([more, others], [[], []], 'something is there twice');
  assert.ok(check !== undefined && comment !== undefined, 'the check or the comment is missing');
  assert.equal(check.status, 'completed');
  assert.equal(comment.by, 'fieldproof[bot]');
  tell.seen('comment', `${comment.id} on #${number}: ${comment.firstLine}`);
  tell.seen('job', `${ran.code === 0 ? 'green' : 'red'}, summary of ${ran.summary.split('\n').length} lines`);
  return { code: ran.code, check, comment };
}

/** Looks at the pull request's check now and then, as somebody does who waits for it; tells each state once. */
async function watchCheck({ page, tell }: Life, commit: string, over: AbortSignal): Promise<CheckSeen[]> {
  const states: CheckSeen[] = [];
  for (let last = false; ;) {
    const [check] = await page.checks(commit);
    const before = states.at(-1);
    if (check !== undefined && (check.status !== before?.status || check.title !== before.title)) {
      states.push(check);
      tell.seen(
        'check run',
        `${check.id} on ${short(commit)}: ${[check.status, check.conclusion].filter(Boolean).join(', ')}: ${check.title}`,
      );
    }
    if (last) return states;
    last = over.aborted;
    if (!last) await sleep(500, undefined, { signal: over }).catch(() => {});
    last = over.aborted;
  }
}

async function playDeploy(life: Life, commit: string): Promise<void> {
  const { runner, page, tell } = life;
  tell.step('The deploy lands what was judged');
  const ran = await runner.run({ name: 'deploy', event: 'push', payload: {}, commit, inputs: { command: 'deploy' } });
  assert.equal(ran.code, 0);
  const deployments = await page.deployments();
  assert.deepEqual(
    deployments.map(({ environment }) => environment),
    ['porch/lobby-berlin/edge-box', 'porch/porch-oslo/edge-box', 'porch/cloud-eu/cloud-x86'],
  );
  for (const { id, environment, commit: of, states } of deployments) {
    assert.deepEqual([of, states], [commit, ['queued', 'in_progress']]);
    tell.seen('deployment', `${id} of ${short(of)} to ${environment}: ${states.join(', then ')}`);
  }
  tell.seen('fleet', await fleetOf(life));
}

async function playNights(life: Life): Promise<void> {
  const { page, tell } = life;
  tell.step('Ten quiet nights, and the nightly replay');
  await replay(life, nightsFrom('2026-03-01', 10));
  assert.deepEqual(await page.issues(), []);
  tell.seen('issues', 'none');

  tell.step('Dirt on the lens: five nights of it');
  await replay(life, nightsFrom('2026-03-11', 5), 0.85);
  const opened = await page.issues();
  assert.ok(opened.length > 0, 'no issue was opened');
  tellIssues(life, opened);

  tell.step('Another night of it: the same issues, with one more row');
  await replay(life, nightsFrom('2026-03-16', 1), 0.85);
  const updated = await page.issues();
  assert.deepEqual(numbersOf(updated), numbersOf(opened), 'another issue was opened for the same cause');
  assert.ok(
    updated.every(({ body }) => body.includes('| 2026-03-16 |')),
    'the night is not in the issue',
  );
  tellIssues(life, updated);

  tell.step('The lens is cleaned: six nights as they were before');
  await replay(life, nightsFrom('2026-03-17', 6));
  const closed = await page.issues();
  assert.deepEqual(numbersOf(closed), numbersOf(opened));
  assert.ok(
    closed.every(({ state, updates }) => state === 'closed' && updates.length === 1),
    'an issue stays open',
  );
  tellIssues(life, closed);
}

const numbersOf = (issues: readonly { number: number }[]) => issues.map(({ number }) => number);

function tellIssues({ tell }: Life, issues: Awaited<ReturnType<Page['issues']>>): void {
  for (const { number, state, title, body, updates } of issues) {
    const nights = body.split('\n').filter((line) => /^\| \d{4}-/.test(line)).length;
    tell.seen('issue', `#${number} ${state}: ${title} (${nights} nights)${updates.length > 0 ? `: ${updates.at(-1)}` : ''}`);
  }
}

async function replay(life: Life, nights: readonly string[], dirt = 0): Promise<Ran> {
  const { runner, team } = life;
  sendNights(life, nights, dirt);
  const commit = await team.git('rev-parse', 'main');
  const ran = await runner.run({
    name: 'replay',
    event: 'schedule',
    payload: { repository: { default_branch: 'main' } },
    commit,
    inputs: { command: 'replay' },
  });
  assert.equal(ran.code, 0, 'an alarm is no fault of the job');
  return ran;
}

function sendNights({ runner }: Life, nights: readonly string[], dirt = 0): void {
  const folder = path.join(runner.folder, 'footage');
  for (const night of nights) sendNight({ folder, site: SITE, night, clips: 2, seed: 1, dirt });
}

/** Another model beside the deployed one: the clips on which the two differ are worth a person's time. */
async function playHarvest(life: Life): Promise<void> {
  const { team, page, runner, tell, hosted, folder } = life;
  tell.step('Another night, with a candidate beside the deployed model: which clips should a person label?');
  await team.push('more-clean-pictures', 'Train longer, on many more clean pictures', {
    'models/porch/porch.onnx': weights('v2-bench'),
  });
  sendNights(life, nightsFrom('2026-03-23', 1));
  await runner.checkOut(await team.git('rev-parse', 'main'));
  const before = await page.pulls();
  const env = {
    ...surroundings(folder, 'team', hosted, CACHE),
    GITHUB_REPOSITORY: 'acme/porch',
    GITHUB_API_URL: hosted.github.proxy.url,
    FIELDPROOF_APP_ID: String(hosted.github.app.id),
    FIELDPROOF_APP_PRIVATE_KEY: hosted.github.app.privateKey,
  };
  for (const args of [
    ['ledger', '--sync', 'origin'],
    ['replay', '--candidate', 'origin/more-clean-pictures'],
    ['ledger', '--sync', 'origin'],
  ])
    await execute(CLI, args, { cwd: runner.workspace, env });
  const proposed = (await page.pulls()).slice(before.length);
  assert.equal(proposed.length, 1, 'a night is asked about once');
  for (const { number, title, branch, labels } of proposed) {
    assert.match(title, /^Label \d+ clips? of porch/);
    tell.seen('pull request', `#${number} ${title} (${labels.join(', ')})`);
    const show = async (...args: string[]) => await team.git('-C', hosted.model, ...args);
    const file = await show('diff', '--name-only', `main..${branch}`);
    const { clips } = parse(await show('show', `${branch}:${file}`)) as { clips: { file: string; why: string }[] };
    for (const clip of clips) tell.seen('pushed', `${branch} holds ${file}: ${clip.file}, ${clip.why}`);
  }
}

async function fleetOf({ hosted, team }: Life): Promise<string> {
  return `main: ${await team.git('-C', hosted.fleet, 'log', '-1', '--format=%s', 'main')}`;
}

function short(commit: string): string {
  return commit.slice(0, 7);
}

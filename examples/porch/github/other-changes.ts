/** Changes that are no new model in a file of Git: documentation, weights that Git LFS keeps, and two that meet in a merge queue. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CheckSeen } from './page.ts';
import type { Life } from './played.ts';
import type { Job } from './runner.ts';
import { CONFIG, EXAMPLE, modelYaml, type Source } from './team.ts';

export async function playDocumentation(life: Life): Promise<void> {
  const { page, tell } = life;
  tell.step('A pull request that touches documentation alone');
  const { number, check } = await propose(life, 'document', 'Say where the cameras hang', {
    'docs/cameras.md': { text: 'Above the door.\n' },
  });
  assert.equal(check.conclusion, 'success');
  assert.match(check.title, /^Not judged/);
  assert.deepEqual(await page.comments(number), [], 'nobody wants a comment on it');
}

/** The very weights that are deployed, moved out of Git: not a byte of the model's image is another one. */
export async function playLargeFiles(life: Life): Promise<void> {
  const { hosted, tell } = life;
  tell.step('A pull request that moves the weights into Git LFS');
  const pointer = hosted.lfs.add(readFileSync(path.join(EXAMPLE, 'models', 'porch-v3-field.onnx')));
  const { check } = await propose(life, 'large-files', 'Keep weights in Git LFS', {
    'models/porch/porch.onnx': { text: pointer },
    '.gitattributes': { text: '*.onnx filter=lfs diff=lfs merge=lfs -text\n' },
  });
  assert.equal(check.conclusion, 'success', 'the model is not what it was');
  assert.ok(
    hosted.lfs.asked.some((line) => line.startsWith('object')),
    'nobody fetched the weights',
  );
}

/** Each passes alone. In the queue the second meets the gate that the first one brings, and does not. */
export async function playMergeQueue(life: Life): Promise<void> {
  const { team, tell } = life;
  tell.step('Two pull requests that each pass alone: a stricter gate, and a model that would not pass it');
  const stricter = CONFIG.replace('at-least: 50%', 'at-least: 100%');
  const gate = await propose(life, 'stricter', 'Expect more of the bench', { 'fieldproof.yaml': { text: stricter } });
  const model = await propose(life, 'sooner', 'Report a little sooner', {
    'models/porch/model.yaml': modelYaml('threshold: 0.7', 'threshold: 0.69'),
  });
  assert.deepEqual([gate.check.conclusion, model.check.conclusion], ['success', 'success']);

  tell.step('Both are put into the merge queue: the second is judged on the first');
  const main = await team.git('rev-parse', 'main');
  const first = await team.queue('stricter', main, gate.number);
  const second = await team.queue('sooner', first, model.number);
  const checks = [await judgeGroup(life, main, first), await judgeGroup(life, first, second)];
  assert.deepEqual(
    checks.map(({ conclusion }) => conclusion),
    ['success', 'failure'],
  );
}

type Proposed = { number: number; check: CheckSeen; log: string };

/** @param inputs what the workflow hands to the job, such as keys */
export async function propose(
  life: Life,
  branch: string,
  title: string,
  files: Readonly<Record<string, Source>>,
  inputs: Readonly<Record<string, string>> = {},
): Promise<Proposed> {
  const { team, page } = life;
  const commit = await team.push(branch, title, files);
  const { number } = await page.open(branch, title);
  const payload = { pull_request: { number, base: { sha: await team.git('rev-parse', 'main') }, head: { sha: commit } } };
  const job = { name: 'check', event: 'pull_request', payload, commit, inputs: { command: 'check', ...inputs } } as const;
  return { number, ...(await judge(life, job)) };
}

async function judgeGroup(life: Life, base: string, head: string): Promise<CheckSeen> {
  const payload = { merge_group: { base_sha: base, head_sha: head, base_ref: 'refs/heads/main' } };
  const job = { name: 'check', event: 'merge_group', payload, commit: head, inputs: { command: 'check' } } as const;
  return (await judge(life, job)).check;
}

async function judge({ runner, page, tell }: Life, job: Job): Promise<Pick<Proposed, 'check' | 'log'>> {
  const { code, log } = await runner.run(job);
  const [check, ...more] = await page.checks(job.commit);
  assert.deepEqual(more, [], 'something is there twice');
  assert.ok(check !== undefined, 'the check is missing');
  assert.deepEqual([check.status, code === 0], ['completed', check.conclusion === 'success']);
  tell.seen('check run', `${check.id} on ${job.commit.slice(0, 7)}: ${check.status}, ${check.conclusion}: ${check.title}`);
  return { check, log };
}

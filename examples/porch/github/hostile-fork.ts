/**
 * A pull request from a stranger's fork, judged by the workflow in stages: a job that holds a token has the base checked out, and the
 * head there as objects of Git, which GitHub keeps under a ref of ours.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { surroundings } from '../../../testing/github/surroundings.ts';
import type { Life } from './played.ts';
import { execute } from './execute.ts';
import { Page } from './page.ts';
import { CONFIG, modelYaml, weights, write, type Source } from './team.ts';

const SECRET = 'AKIA-of-the-job';

/** A new model of theirs, whose dataset is a file beside the job's clone; and, on the way, a gate that anything passes. */
const STRANGERS = CONFIG.replace(
  'models:\n',
  'models:\n  mine: { build: models/mine, image: registry.example/acme/mine, task: classification }\n',
)
  .replace('datasets:\n', 'datasets:\n  mine: { manifest: datasets/mine.yaml }\n')
  .replace('gates:\n', 'gates:\n  mine: [ { dataset: mine, metric: top1, at-least: 1% } ]\n')
  .replace('margin: 15%, at-least: 50%', 'margin: 99%');

const READS_OUTSIDE = `version: 1
kind: research
task: classification
pins: mine.sha256
classes: [person]
root: ../..
samples: { csv: credentials.txt }
`;

export async function playHostileFork(life: Life): Promise<void> {
  const { team, page, runner, tell } = life;
  tell.step("A pull request from a stranger's fork: a model whose data are a file of the job's machine, and a laxer gate");
  writeFileSync(path.join(runner.folder, 'credentials.txt'), `${SECRET}\n`);
  const fork = await life.hosted.fork();
  const branch = 'main';
  const commit = await pushToFork(life, fork.url, branch, {
    'fieldproof.yaml': { text: STRANGERS },
    'models/mine/model.yaml': modelYaml(),
    'models/mine/porch.onnx': weights('v1'),
    'datasets/mine.yaml': { text: READS_OUTSIDE },
    'datasets/mine.sha256': { text: `${'0'.repeat(64)}  credentials.txt\n` },
  });
  const { number, head } = await new Page(life.hosted, fork.token).open(`${fork.owner}:${branch}`, 'A better model');
  assert.equal(head, commit);
  const base = await team.git('rev-parse', 'main');
  assert.equal(await team.git('-C', life.hosted.model, 'branch', '--contains', commit), '', 'a branch of ours holds it');
  const payload = {
    pull_request: { number, base: { sha: base }, head: { sha: commit, repo: { full_name: `${fork.owner}/porch` } } },
  };
  const job = { name: 'open', event: 'pull_request_target', payload, commit: base, inputs: { command: 'open' } } as const;
  const { code, log } = await runner.attempt(job);
  const [check, ...more] = await page.checks(commit);
  assert.deepEqual([code, more], [3, []]);
  assert.ok(check !== undefined, 'the check is missing');
  assert.deepEqual([check.status, check.conclusion], ['completed', 'failure']);
  assert.match(check.summary, /datasets\/mine\.yaml:6:1 \(root\): leaves the commit, which a pull request may not/);
  for (const told of [log, check.summary]) assert.ok(!told.includes(SECRET), 'the secret was told');
  tell.seen('check run', `${check.id} on ${commit.slice(0, 7)}: ${check.status}, ${check.conclusion}: ${check.title}`);
  tell.seen('it says', check.summary.split('\n').find((line) => line.includes('leaves the commit')) ?? '');
  tell.seen('job', 'red, and nothing of that file is in its log');
}

/** As the stranger does, who has a clone of the fork and knows nothing of the team's. */
async function pushToFork(
  { folder, hosted }: Life,
  url: string,
  branch: string,
  files: Readonly<Record<string, Source>>,
): Promise<string> {
  const env = surroundings(folder, 'team', hosted, path.join(folder, 'no-cache'));
  const clone = path.join(folder, 'stranger');
  const git = (...args: string[]) =>
    execute('git', ['-c', 'user.name=A stranger', '-c', 'user.email=a@example.net', ...args], { cwd: clone, env });
  mkdirSync(clone);
  await git('clone', '--quiet', '--branch', branch, url, '.');
  write(clone, files);
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'A better model');
  await git('push', '--quiet', 'origin', branch);
  return await git('rev-parse', 'HEAD');
}

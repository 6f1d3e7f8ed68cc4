/** A dataset that lies in no runner and in no commit: policy says where, a job fetches it by its pins, and no pull request moves it. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { startFileServer } from '../../../testing/fakes/file-server.ts';
import { startS3, type S3Server } from '../../../testing/fakes/s3-server.ts';
import { propose } from './other-changes.ts';
import type { Life } from './played.ts';
import { CONFIG, modelYaml } from './team.ts';

const BUCKET = 'porch-data';
const lyingIn = (source: string) => CONFIG.replace('datasets/bench.yaml }', `datasets/bench.yaml, source: ${source} }`);

export async function playBucket(life: Life): Promise<void> {
  const s3 = await startS3([BUCKET]);
  try {
    await moveBench(life, s3);
    await pointElsewhere(life, s3);
  } finally {
    await s3.close();
  }
}

const keysOf = ({ environment }: S3Server) => ({
  'bucket-access-key-id': environment['AWS_ACCESS_KEY_ID'] ?? '',
  'bucket-secret-access-key': environment['AWS_SECRET_ACCESS_KEY'] ?? '',
});

async function moveBench(life: Life, s3: S3Server): Promise<void> {
  const { runner, team, tell } = life;
  tell.step('The bench moves into a bucket: that is policy, so it holds once it is merged');
  const bench = path.join(runner.folder, 'data', 'bench');
  await s3.putFolder(BUCKET, bench, 'bench/');
  const files = {
    'fieldproof.yaml': { text: lyingIn(`{ s3: { bucket: ${BUCKET}, prefix: bench, endpoint: "${s3.endpoint}" } }`) },
  };
  const { number } = await propose(life, 'bucket', 'Keep the bench in a bucket', files);
  await team.merge('bucket', number);
  rmSync(bench, { recursive: true });

  tell.step('A model is judged on it by a runner that has none of it: a job fetches what the pins name');
  const change = { 'models/porch/model.yaml': modelYaml('threshold: 0.7', 'threshold: 0.71') };
  const { check, log } = await propose(life, 'later', 'Report a little later', change, keysOf(s3));
  assert.equal(check.conclusion, 'success');
  const fetched = /^dataset {2}bench: .*$/m.exec(log)?.[0];
  assert.ok(fetched !== undefined, 'nobody fetched the bench');
  tell.seen('job', fetched);
}

/** The address is that of a server which nobody but the job's machine could reach; with it would go the keys. */
async function pointElsewhere(life: Life, s3: S3Server): Promise<void> {
  const { tell } = life;
  tell.step('A pull request says that the bench lies elsewhere: at an address of its choice, where our keys would go');
  const elsewhere = await startFileServer();
  try {
    const files = { 'fieldproof.yaml': { text: lyingIn(`{ s3: { bucket: ${BUCKET}, endpoint: "${elsewhere.url}" } }`) } };
    const { check } = await propose(life, 'elsewhere', 'Read the bench from here', files, keysOf(s3));
    assert.equal(check.conclusion, 'success');
    assert.deepEqual(elsewhere.asked, [], 'the address of a pull request was asked');
    tell.seen('that address', 'was asked for nothing: the bench was read from the bucket of the base');
  } finally {
    await elsewhere.close();
  }
}

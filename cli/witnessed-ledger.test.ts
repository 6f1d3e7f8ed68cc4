import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { termsOf } from '#history';
import type { Trust } from '#ledger';
import { OWNER, REPOSITORY, startGithub, type Github } from '../testing/github/github.ts';
import { pushTo } from '../testing/github/push.ts';
import { failingReport } from '../testing/reports/report-fixtures.ts';
import { SharedLedger, type Job, type SigningKey } from '../testing/worlds/shared-ledger.ts';
import { renderJson } from '../report/json.ts';

/** A fail is taken back by cutting the newest entry off the ledger: what the attacker does, and what a reviewer then reads. */
let github: Github;
let world: SharedLedger;
let key: SigningKey;
let job: Job;
let head: string;

beforeAll(async () => {
  [github, world] = await Promise.all([startGithub(), SharedLedger.start()]);
  key = world.key('ours');
  const policy: Trust = { name: 'acme/porch', keys: [{ publicKey: key.publicKey, from: '2026-01-01', until: null }] };
  job = world.job({ key, terms: termsOf(policy) });
  writeFileSync(path.join(job.folder, 'fieldproof.yaml'), configWith(key.publicKey));
  job.git('add', '.');
  job.git('commit', '--quiet', '-m', 'Begin');
  job.git('checkout', '--quiet', '-b', 'change');
  job.git('commit', '--quiet', '--allow-empty', '-m', 'Change');
  await pushTo(github, job.folder, 'main');
  head = await pushTo(github, job.folder, 'change');
  const pull = { title: 'Sharper', head: 'change', base: 'main' };
  await github.call('POST', `/repos/${OWNER}/${REPOSITORY}/pulls`, pull);
});
afterAll(async () => void (await Promise.all([github.close(), world.close()])));

const configWith = (publicKey: string) => `version: 1
models:
  porch: { build: models/porch, image: registry.example/acme/porch, task: classification }
datasets:
  street: { manifest: datasets/street.yaml }
chipsets:
  edge-box: { platform: linux/arm64 }
gates:
  porch:
    - { dataset: street, metric: event-recall, margin: 5% }
    - { dataset: street, metric: false-alarms-per-hour, margin: 0.5 }
ledger:
  name: acme/porch
  keys: [{ key: ${publicKey}, from: 2026-01-01 }]
`;

async function fieldproof(folder: string, ...args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const env = {
    PATH: process.env['PATH'],
    HOME: world.root,
    GITHUB_API_URL: github.proxy.url,
    GITHUB_REPOSITORY: `${OWNER}/${REPOSITORY}`,
    FIELDPROOF_APP_ID: String(github.app.id),
    FIELDPROOF_APP_PRIVATE_KEY: github.app.privateKey,
  };
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'cli.ts'), ...args], { cwd: folder, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { code, output };
}

describe('a fail whose entry is cut off', () => {
  it('is borne witness to by the check run that told it', async () => {
    const note = (text: string) => ({ kind: 'note', text });
    const terms = { ledger: 'acme/porch', counting: () => [] };
    await job.ledger.append([note('begin')], terms);
    const [record] = await job.ledger.append([note('the fail')], terms);
    await job.share();
    const report = failingReport();
    const models = report.models.map((model) => ({ ...model, record: record ?? null }));
    writeFileSync(
      path.join(job.folder, 'report.json'),
      renderJson({ ...report, head, models, ledger: await job.ledger.sharedHead() }),
    );
    const told = await fieldproof(job.folder, 'publish', '--report', 'report.json', '--head', head);
    expect(told).toMatchObject({ code: 0 });
    expect(await fieldproof(job.folder, 'ledger', '--verify')).toMatchObject({
      code: 0,
      output: expect.stringContaining('borne out by 1 of 1 witnesses'),
    });

    const hex = record?.slice('sha256:'.length) ?? '';
    world.tamper((folder) => {
      rmSync(path.join(folder, 'chain/000/000/002.json'));
      rmSync(path.join(folder, `records/${hex.slice(0, 2)}/${hex}.json`));
    });
    const fresh = world.job();
    await fresh.share();
    fresh.git('fetch', '--quiet', job.folder, 'main:base');
    const plain = await fieldproof(fresh.folder, 'ledger', '--ref', 'base');
    expect(plain).toMatchObject({ code: 0, output: expect.stringContaining('intact') }); // it looks whole
    const held = await fieldproof(fresh.folder, 'ledger', '--verify', '--ref', 'base');
    expect(held.code).toBe(1);
    expect(held.output).toMatch(
      /the ledger is behind what the check Fieldproof of [0-9a-f]{12} bears witness to: it lacks entry 2 as it was then.*ends at entry 1/,
    );
  });
});

describe('fieldproof ledger --public-key', () => {
  it('fails on entries that nobody signed', async () => {
    const unsigned = world.job();
    await unsigned.ledger.append([{ kind: 'note' }]);
    expect(await fieldproof(unsigned.folder, 'ledger', '--public-key', key.publicFile)).toMatchObject({
      code: 1,
      output: expect.stringContaining('unsigned'),
    });
  });
});

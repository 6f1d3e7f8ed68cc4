import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '#kernel';
import { GitLedger } from './git-ledger.ts';
import { shareLedger } from './share-ledger.ts';

const root = mkdtempSync(path.join(tmpdir(), 'fieldproof-share-'));
afterAll(() => rmSync(root, { recursive: true }));
const environment = { PATH: process.env['PATH'], HOME: root };
let count = 0;
let remote = '';
beforeEach(() => {
  count += 1;
  remote = path.join(root, `remote-${count}.git`);
  execFileSync('git', ['init', '--quiet', '--bare', remote]);
});

function clone(name: string) {
  const folder = path.join(root, `${name}-${count}`);
  execFileSync('git', ['init', '--quiet', folder]);
  const options = { folder, environment, clock: systemClock };
  return { ledger: new GitLedger(options), share: () => shareLedger(remote, options) };
}

const note = (text: string) => ({ kind: 'note', text });
const textsOf = async (ledger: GitLedger) => (await ledger.entries()).map(({ record }) => record.fact['text']);

it('gives two machines that appended apart one chain with the facts of both, and renames none', async () => {
  const [a, b] = [clone('a'), clone('b')];
  await a.ledger.append([note('begin')]);
  expect(await a.share()).toEqual({ taken: 0, sent: 1 });
  expect(await b.share()).toEqual({ taken: 1, sent: 0 });
  const [first] = await a.ledger.append([note('of a')]);
  const [second] = await b.ledger.append([note('of b')]);
  await a.share();
  expect(await b.share()).toEqual({ taken: 1, sent: 1 });
  expect(await a.share()).toEqual({ taken: 1, sent: 0 });
  expect(await textsOf(a.ledger)).toEqual(['begin', 'of a', 'of b']);
  expect(await textsOf(b.ledger)).toEqual(['begin', 'of a', 'of b']);
  expect((await b.ledger.entries()).map(({ record }) => record.id)).toEqual(expect.arrayContaining([first, second]));
  expect(await b.ledger.verify()).toMatchObject({ state: 'intact', entries: 3 });
});

it('lets machines that share at once all end with everything', async () => {
  const machines = ['p', 'q', 'r'].map((name) => ({ name, ...clone(name) }));
  await Promise.all(machines.map(({ ledger, name }) => ledger.append([note(name)])));
  await Promise.all(machines.map(({ share }) => share()));
  for (const { share } of machines) await share();
  for (const { ledger } of machines) expect(new Set(await textsOf(ledger))).toEqual(new Set(['p', 'q', 'r']));
});

it('takes no chain in that does not hold', async () => {
  const [a, b] = [clone('good'), clone('bad')];
  await a.ledger.append([note('one'), note('two')]);
  await a.share();
  const work = path.join(root, `forger-${count}`);
  execFileSync('git', ['clone', '--quiet', '--branch', 'fieldproof/ledger', remote, work]);
  const records = execFileSync('git', ['-C', work, 'ls-files', 'records'], { encoding: 'utf8' }).trim().split('\n');
  execFileSync('git', ['-C', work, 'rm', '--quiet', records[0] ?? '']);
  const name = ['-c', 'user.name=x', '-c', 'user.email=x@example.com'];
  execFileSync('git', ['-C', work, ...name, 'commit', '--quiet', '-m', 'forget']);
  execFileSync('git', ['-C', work, 'push', '--quiet', 'origin', 'HEAD']);
  await expect(b.share()).rejects.toThrow(/the ledger is broken/);
  expect(await b.ledger.entries()).toEqual([]);
});

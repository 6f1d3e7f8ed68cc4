import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#kernel';
import { appendFacts } from '#history';
import { GitLedger } from '#ledger/adapters';
import { longHistory } from '../testing/worlds/long-history.ts';

const root = mkdtempSync(join(tmpdir(), 'fieldproof-cli-dashboard-'));
const repo = join(root, 'porch');
const environment = { PATH: process.env['PATH'], HOME: '/nonexistent', FIELDPROOF_CACHE: join(root, 'cache') };
const program = [join(import.meta.dirname, '..', 'cli', 'cli.ts')];
const fieldproof = (...args: string[]) =>
  execFileSync(process.execPath, [...program, ...args], { cwd: root, env: environment, encoding: 'utf8' });

beforeAll(async () => {
  execFileSync('git', ['init', '-q', '-b', 'main', repo], { env: environment });
  await appendFacts(new GitLedger({ folder: repo, environment, clock: systemClock }), [
    ...longHistory({ iterations: 8, datasets: 2, sites: 3 }),
  ]);
});
afterAll(() => rmSync(root, { recursive: true }));

describe('the history at the command line', () => {
  it('is written as pages, from the branch and from a file that was exported alike', () => {
    expect(fieldproof('ledger', '--repo', 'porch', '--export', 'x.parquet')).toMatch(/^ledger {3}\d+ entries in x\.parquet\n$/);
    expect(fieldproof('dashboard', '--repo', 'porch', '--export', 'site')).toMatch(/files in site; begin at site\/index\.html/);
    expect(fieldproof('dashboard', '--repo', 'porch', '--from', 'x.parquet', '--export', 'again')).toContain('files in again');
    const read = (folder: string, file: string) =>
      readFileSync(join(root, folder, file), 'utf8').replaceAll(/made [\d :-]+ UTC/g, '');
    expect(read('again', 'iterations/1.html')).toBe(read('site', 'iterations/1.html'));
    expect(existsSync(join(root, 'site', 'places.html'))).toBe(true);
  });

  it('is listed from such a file as it is from the branch', () => {
    expect(fieldproof('ledger', '--repo', 'porch', '--from', 'x.parquet')).toBe(fieldproof('ledger', '--repo', 'porch'));
  });

  it('is brought into the index, which says where it lies', () => {
    expect(fieldproof('ledger', '--repo', 'porch', '--index')).toMatch(
      /^index {4}\d+ entries in .*cache\/history\/[0-9a-f]{32}\.sqlite\n$/,
    );
  });

  it('is served to this machine until it is interrupted', async () => {
    const serving = spawn(process.execPath, [...program, 'dashboard', '--repo', 'porch', '--port', '0'], {
      cwd: root,
      env: environment,
    });
    const [said] = (await once(serving.stdout.setEncoding('utf8'), 'data')) as [string];
    const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(said)?.[0] ?? '';
    const answer = await fetch(`${url}iterations/latest.html`);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringMatching(/8 changes\s+judged/)]);
    const ended = once(serving, 'exit');
    serving.kill('SIGINT');
    await ended;
    await expect(fetch(url)).rejects.toThrow(/fetch failed/);
  });
});

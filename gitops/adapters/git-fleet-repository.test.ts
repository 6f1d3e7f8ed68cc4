import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fleetRepositoryContract } from '../../testing/contracts/fleet-repository.contract.ts';
import { GitFleetRepository } from './git-fleet-repository.ts';

const environment = { PATH: process.env['PATH'], HOME: '/nonexistent' };
const date = new Date('2026-01-02T03:04:05Z');
let root = '';
let count = 0;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'fieldproof-fleet-')));
});
afterAll(() => rmSync(root, { recursive: true }));

function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@localhost'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8', env: environment, stdio: 'pipe' }).trim();
}

function repository(...options: string[]): string {
  count += 1;
  const folder = join(root, `fleet-${count}`);
  mkdirSync(folder);
  git(folder, 'init', '-q', '-b', 'main', ...options);
  return folder;
}

const open = (location: string) => new GitFleetRepository({ location, cacheFolder: join(root, `cache-${count}`), environment });

const file = (content: string) => [{ path: 'apps/a.yaml', content }];

fleetRepositoryContract('a bare repository on this machine', () => Promise.resolve(open(repository('--bare'))));
fleetRepositoryContract('a working tree on this machine', () => Promise.resolve(open(repository())));
fleetRepositoryContract('a repository behind a URL', () => Promise.resolve(open(`file://${repository('--bare')}`)));

/** Runs a module and kills it some milliseconds after it printed its first word. */
async function killAfter(script: string, milliseconds: number): Promise<void> {
  const top = join(import.meta.dirname, '../..');
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: top,
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await Promise.race([ended, new Promise((resolve) => child.stdout.once('data', resolve))]);
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  child.kill('SIGKILL');
  await ended;
}

describe('a fleet that is a working tree', () => {
  it('follows what lands on the branch that it has checked out', async () => {
    const folder = repository();
    const fleet = open(folder);
    const { commit: base } = await fleet.commit({ parent: null, branch: 'main', files: file('one'), message: 'one', date });
    expect(readFileSync(join(folder, 'apps/a.yaml'), 'utf8')).toBe('one');
    const { commit: proposal } = await fleet.commit({
      parent: base,
      branch: 'fieldproof/a/1',
      files: file('two'),
      message: 'two',
      date,
    });
    expect(readFileSync(join(folder, 'apps/a.yaml'), 'utf8')).toBe('one');
    await fleet.land('main', proposal, base);
    expect(readFileSync(join(folder, 'apps/a.yaml'), 'utf8')).toBe('two');
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });

  it('is refused while it has changes that are not committed, and they are named', async () => {
    const folder = repository();
    writeFileSync(join(folder, 'draft.yaml'), 'x');
    const message = /fleet-\d+: the fleet repository has changes that are not committed: draft\.yaml[\s\S]*git stash/;
    await expect(open(folder).snapshot('main')).rejects.toThrow(message);
    await expect(open(folder).commit({ parent: null, branch: 'main', files: file('one'), message: 'one', date })).rejects.toThrow(
      message,
    );
    expect(git(folder, 'branch', '--list')).toBe('');
  });

  it('runs none of its hooks', async () => {
    const folder = repository();
    for (const hook of ['push-to-checkout', 'pre-receive', 'post-receive', 'reference-transaction', 'pre-push']) {
      writeFileSync(join(folder, '.git/hooks', hook), `#!/bin/sh\ntouch '${folder}-hooked'\nexit 1\n`, { mode: 0o755 });
    }
    await open(folder).commit({ parent: null, branch: 'main', files: file('one'), message: 'one', date });
    expect(existsSync(`${folder}-hooked`)).toBe(false);
    expect(readFileSync(join(folder, 'apps/a.yaml'), 'utf8')).toBe('one');
  });
});

describe('a fleet that cannot be used', () => {
  it('says that there is none, on this machine or behind a URL', async () => {
    await expect(open(join(root, 'nowhere')).snapshot('main')).rejects.toThrow(/nowhere: no such folder[\s\S]*remedy/);
    await expect(open(`file://${root}/nowhere`).snapshot('main')).rejects.toThrow(
      /cannot be read: .*does not appear to be a git repository/,
    );
    await expect(open(root).snapshot('main')).rejects.toThrow('not a Git repository');
  });

  it('does not take the repository around a plain folder for the fleet', async () => {
    const folder = repository();
    mkdirSync(join(folder, 'fleet'));
    await expect(open(join(folder, 'fleet')).snapshot('main')).rejects.toThrow('not a Git repository');
  });

  it('shows no password of an address that does not answer', async () => {
    const attempt = open('https://user:hunter2@127.0.0.1:1/fleet.git').snapshot('main');
    await expect(attempt).rejects.toThrow(/https:\/\/127\.0\.0\.1:1\/fleet\.git: the repository cannot be read/);
    await expect(attempt).rejects.not.toThrow('hunter2');
  });

  it('passes on what a server says when it refuses a push', async () => {
    const folder = repository('--bare');
    git(folder, 'config', 'receive.fsckObjects', 'true');
    git(folder, 'config', 'receive.maxInputSize', '1');
    const attempt = open(`file://${folder}`).commit({ parent: null, branch: 'main', files: file('one'), message: 'one', date });
    await expect(attempt).rejects.toThrow(/the repository cannot be written: [\s\S]*(pack exceeds|maximum allowed size)/);
  });
});

describe('what is committed', () => {
  it('is the same commit for the same input, wherever it is made', async () => {
    const change = { parent: null, branch: 'main', files: file('one'), message: 'one\n', date };
    const [bare, url] = [
      await open(repository('--bare')).commit(change),
      await open(`file://${repository('--bare')}`).commit(change),
    ];
    expect(bare).toEqual(url);
  });

  it('leaves no branch and no file behind when it is killed before the branch moves', async () => {
    const folder = repository('--bare');
    const script = `
      import { GitFleetRepository } from '${join(import.meta.dirname, 'index.ts')}';
      const fleet = new GitFleetRepository({ location: '${folder}', cacheFolder: '${root}', environment: process.env });
      const files = Array.from({ length: 200 }, (_, i) => ({ path: 'apps/' + i, content: 'x' + i }));
      process.stdout.write('begun');
      await fleet.commit({ parent: null, branch: 'main', files, message: 'one', date: new Date(0) });
    `;
    const files: number[] = [];
    for (const wait of [20, 60, 100, 140]) {
      await killAfter(script, wait);
      const tip = (await open(folder).snapshot('main')).commit;
      files.push(tip === null ? 0 : git(folder, 'ls-tree', '-r', '--name-only', tip).split('\n').length);
    }
    expect(files.filter((written) => written !== 0 && written !== 200)).toEqual([]);
    await open(folder).commit({
      parent: (await open(folder).snapshot('main')).commit,
      branch: 'main',
      files: file('one'),
      message: 'one',
      date,
    });
    expect(git(folder, 'fsck', '--strict', '--no-dangling')).toBe('');
  });
});

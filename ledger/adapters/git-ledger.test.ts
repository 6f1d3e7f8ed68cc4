import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#kernel';
import { ledgerContract } from '../../testing/contracts/ledger.contract.ts';
import { GitLedger } from './git-ledger.ts';

const environment = { PATH: process.env['PATH'], HOME: '/nonexistent' };
let root = '';
let count = 0;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'fieldproof-ledger-')));
});
afterAll(() => rmSync(root, { recursive: true }));

function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@localhost'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8', env: environment, stdio: 'pipe' }).trim();
}

function repository(): string {
  count += 1;
  const folder = join(root, `repo-${count}`);
  mkdirSync(folder);
  git(folder, 'init', '-q', '-b', 'main');
  return folder;
}

const open = (folder: string, options: { signingKey?: string; publicKeys?: string[] } = {}) =>
  new GitLedger({ folder, environment, clock: systemClock, ...options });

const note = (n: number) => ({ kind: 'note', n });
const notes = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => note(from + i));

function keyPair(name: string): { signingKey: string; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const paths = { signingKey: join(root, `${name}.pem`), publicKey: join(root, `${name}.pub`) };
  writeFileSync(paths.signingKey, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(paths.publicKey, publicKey.export({ type: 'spki', format: 'pem' }));
  return paths;
}

ledgerContract('a ledger on a Git branch', () => Promise.resolve(open(repository())));

describe('a ledger on a Git branch', () => {
  it('shares no history with the code, and touches neither index nor working tree', async () => {
    const folder = repository();
    writeFileSync(join(folder, 'staged.txt'), 'x');
    writeFileSync(join(folder, 'loose.txt'), 'x');
    git(folder, 'add', 'staged.txt');
    const index = readFileSync(join(folder, '.git/index'));
    await open(folder).append([note(1)]);
    await open(folder).append([note(2)]);
    expect(git(folder, 'status', '--porcelain')).toBe('A  staged.txt\n?? loose.txt');
    expect(readFileSync(join(folder, '.git/index'))).toEqual(index);
    expect(readdirSync(folder).toSorted()).toEqual(['.git', 'loose.txt', 'staged.txt']);
    expect(git(folder, 'log', '--format=%an %s', 'fieldproof/ledger')).toBe(
      'Fieldproof Append 1 to the ledger\nFieldproof Append 1 to the ledger',
    );
  });

  it('makes no commit for facts that are there already', async () => {
    const folder = repository();
    await open(folder).append([note(1)]);
    const tip = git(folder, 'rev-parse', 'fieldproof/ledger');
    await open(folder).append([note(1)]);
    expect(git(folder, 'rev-parse', 'fieldproof/ledger')).toBe(tip);
  });

  it('refuses to move its branch under a working tree', async () => {
    const folder = repository();
    await open(folder).append([note(1)]);
    git(folder, 'checkout', '-q', 'fieldproof/ledger');
    await expect(open(folder).append([note(2)])).rejects.toThrow(/is checked out[\s\S]*switch that working tree/);
  });

  it('says so when there is no repository', async () => {
    await expect(open(join(root, 'nowhere')).append([note(1)])).rejects.toThrow('no such folder');
  });

  it('names the commit log as the way back when its chain is broken', async () => {
    const folder = repository();
    await open(folder).append([note(1), note(2)]);
    git(folder, 'checkout', '-q', 'fieldproof/ledger');
    git(folder, 'rm', '-q', 'chain/000/000/001.json');
    git(folder, 'commit', '-q', '-m', 'tidy up');
    git(folder, 'checkout', '-q', '--orphan', 'main');
    expect(await open(folder).verify()).toEqual({
      state: 'broken',
      at: 1,
      reason: 'the link is missing, though there are links after it',
    });
    await expect(open(folder).entries()).rejects.toThrow(/broken at entry 1[\s\S]*git log fieldproof\/ledger/);
  });
});

describe('a signed ledger', () => {
  it('is confirmed by the public key, and says what of it is signed', async () => {
    const folder = repository();
    const ours = keyPair('ours');
    await open(folder).append([note(1)]);
    expect(await open(folder, { publicKeys: [ours.publicKey] }).verify()).toMatchObject({ signed: 'none' });
    await open(folder, { signingKey: ours.signingKey }).append([note(2)]);
    expect(await open(folder, { publicKeys: [ours.publicKey] }).verify()).toMatchObject({ state: 'intact', signed: 'some' });
    expect(await open(folder, { signingKey: ours.signingKey }).verify()).toMatchObject({ state: 'intact', signed: 'unchecked' });
    expect(await open(folder).verify()).toMatchObject({ state: 'intact', signed: 'unchecked' });
  });

  it('does not trust the signature of a stranger', async () => {
    const folder = repository();
    await open(folder, { signingKey: keyPair('stranger').signingKey }).append([note(1)]);
    const verification = await open(folder, { publicKeys: [keyPair('known').publicKey] }).verify();
    expect(verification).toMatchObject({ state: 'broken', at: 1, reason: expect.stringContaining('signed with an unknown key') });
  });

  it.each([
    ['missing.pem', undefined, 'the key cannot be read'],
    ['text.pem', 'not a key', 'not a private key in PEM'],
    [
      'rsa.pem',
      () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
      'not an Ed25519 key',
    ],
  ])('says what is wrong with the key %s', async (name, content, message) => {
    const signingKey = join(root, name);
    if (content !== undefined) writeFileSync(signingKey, typeof content === 'string' ? content : content());
    await expect(open(repository(), { signingKey }).append([note(1)])).rejects.toThrow(message);
  });
});

describe('a ledger in use', () => {
  it('keeps every acknowledged fact when processes that append are killed', async () => {
    const folder = repository();
    const script = `
      import { GitLedger } from '${join(import.meta.dirname, 'index.ts')}';
      import { systemClock } from '#kernel';
      const ledger = new GitLedger({ folder: '${folder}', environment: process.env, clock: systemClock });
      for (let n = 0; n < 100; n += 1) {
        await ledger.append([{ kind: 'note', by: process.argv[1], n }]);
        process.stdout.write(n + '\\n');
      }
    `;
    const acknowledged = await Promise.all(['a', 'b'].map((by, index) => appendUntilKilled(script, by, 30 + 70 * index)));
    const entries = await open(folder).entries();
    const kept = (by: string) => entries.filter(({ record }) => record.fact['by'] === by).length;
    expect(Math.min(...acknowledged)).toBeGreaterThan(0);
    expect(kept('a')).toBeGreaterThanOrEqual(acknowledged[0] ?? 0);
    expect(kept('b')).toBeGreaterThanOrEqual(acknowledged[1] ?? 0);
    await open(folder).append([note(1)]);
    expect(await open(folder).verify()).toMatchObject({ state: 'intact', entries: entries.length + 1 });
    expect(git(folder, 'fsck', '--strict', '--no-dangling')).toBe('');
  });

  it('goes on at the end of five thousand entries', async () => {
    const folder = repository();
    const { signingKey, publicKey } = keyPair('fast');
    const ledger = open(folder, { signingKey, publicKeys: [publicKey] });
    await ledger.append(notes(0, 5000));
    await ledger.append([note(5000)]);
    expect(await ledger.verify()).toMatchObject({ state: 'intact', entries: 5001, signed: 'all' });
  });
});

/** How many appends a process acknowledged before it was killed, some milliseconds after the third. */
async function appendUntilKilled(script: string, by: string, milliseconds: number): Promise<number> {
  const top = join(import.meta.dirname, '../..');
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, by], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: top,
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let acknowledged = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    acknowledged += chunk.toString().split('\n').length - 1;
    if (acknowledged >= 3) setTimeout(() => child.kill('SIGKILL'), milliseconds);
  });
  await ended;
  return acknowledged;
}

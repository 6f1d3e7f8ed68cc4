import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson, digestOf, systemClock } from '#kernel';
import { openRepository, readRef, writeCommit, type Repository } from '#git/adapters';
import { idOf } from '../chain.ts';
import { linkPath, recordPath } from '../layout.ts';
import { GitLedger, LEDGER_BRANCH } from './git-ledger.ts';

const environment = { PATH: process.env['PATH'], HOME: '/nonexistent' };
const root = realpathSync(mkdtempSync(join(tmpdir(), 'fieldproof-checkpoints-')));
afterAll(() => rmSync(root, { recursive: true }));

const note = (n: number) => ({ kind: 'note', n });
const ref = `refs/heads/${LEDGER_BRANCH}`;
let count = 0;
let folder = '';
let checkpoints = '';
let repository: Repository;

beforeEach(async () => {
  folder = join(root, `repo-${(count += 1)}`);
  checkpoints = join(root, `cache-${count}`);
  execFileSync('git', ['init', '-q', '-b', 'main', folder], { env: environment });
  repository = await openRepository(folder, { environment });
});

const open = (options: { signingKey?: string; publicKeys?: string[] } = {}) =>
  new GitLedger({ folder, environment, clock: systemClock, checkpoints, ...options });
const withoutAny = () => new GitLedger({ folder, environment, clock: systemClock });

/** A commit that somebody made on the branch by hand. */
async function commitByHand(changes: readonly { path: string; content: string | null }[]): Promise<void> {
  const parent = (await readRef(repository, ref)) ?? null;
  const commit = await writeCommit(repository, { parent, changes, message: 'by hand\n', date: new Date(0) });
  execFileSync('git', ['update-ref', ref, commit], { cwd: folder, env: environment });
}

/** Nobody can read this object any more: whoever still says that all is well has not looked at it again. */
function spoil(path: string): void {
  const id = execFileSync('git', ['rev-parse', `${ref}:${path}`], { cwd: folder, env: environment, encoding: 'utf8' }).trim();
  const packs = join(folder, '.git', 'objects', 'pack');
  for (const name of readdirSync(packs).filter((each) => each.endsWith('.pack'))) {
    const input = readFileSync(join(packs, name));
    for (const each of readdirSync(packs)) if (each.startsWith(name.replace('.pack', ''))) rmSync(join(packs, each));
    execFileSync('git', ['unpack-objects', '-q'], { cwd: folder, env: environment, input });
  }
  const file = join(folder, '.git', 'objects', id.slice(0, 2), id.slice(2));
  chmodSync(file, 0o644);
  writeFileSync(file, 'spoilt');
}

describe('what was verified before', () => {
  it('is not looked at again, and what came since is', async () => {
    await open().append([note(1), note(2)]);
    const whole = await open().verify();
    await open().append([note(3)]);
    spoil(recordPath(idOf(note(1))));
    expect(await withoutAny().verify()).toMatchObject({ state: 'broken', at: 1 });
    expect(await open().verify()).toMatchObject({ state: 'intact', entries: 3, signed: 'none' });
    expect(whole).toMatchObject({ state: 'intact', entries: 2 });
  });

  it('comes to what all at once comes to, step by step', async () => {
    for (let step = 1; step <= 4; step += 1) {
      await open().append([note(step), note(10 * step)]);
      expect(await open().verify()).toEqual(await withoutAny().verify());
    }
  });

  it.each<[string, () => { path: string; content: string | null }[]]>([
    ['an edited record', () => [{ path: recordPath(idOf(note(1))), content: canonicalJson(note(9)) }]],
    ['a record that is gone', () => [{ path: recordPath(idOf(note(1))), content: null }]],
    ['an edited link', () => [{ path: linkPath(1), content: '{}' }]],
    ['a tail that is cut off', () => [{ path: linkPath(2), content: null }]],
    ['a stranger', () => [{ path: 'README.md', content: 'hello' }]],
    [
      'a link to nothing',
      () => [{ path: linkPath(3), content: canonicalJson({ seq: 3, previous: null, record: digestOf('x') }) }],
    ],
    ['a link that is no JSON', () => [{ path: linkPath(3), content: 'null' }]],
    ['a link further on', () => [{ path: linkPath(5), content: '{}' }]],
    ['a record in no link', () => [{ path: recordPath(idOf(note(7))), content: canonicalJson(note(7)) }]],
  ])('lets nothing pass that all at once would not: %s', async (_, changes) => {
    await open().append([note(1), note(2)]);
    expect(await open().verify()).toMatchObject({ state: 'intact' });
    await commitByHand(changes());
    const found = await open().verify();
    expect(found).toMatchObject({ state: 'broken' });
    expect(found).toEqual(await withoutAny().verify());
    await expect(open().entriesAfter({ seq: 0, digest: digestOf('') })).rejects.toThrow(/broken/);
  });

  it('names a record that is there a second time, as all at once does', async () => {
    await open().append([note(1)]);
    const first = await open().verify();
    const previous = first.state === 'intact' ? first.head : null;
    await commitByHand([{ path: linkPath(2), content: canonicalJson({ seq: 2, previous, record: idOf(note(1)) }) }]);
    expect(await open().verify()).toMatchObject({ state: 'broken', at: 2, reason: expect.stringContaining('a second time') });
  });

  it('follows a branch that was written anew from its first link', async () => {
    await open().append([note(1), note(2)]);
    await open().verify();
    execFileSync('git', ['update-ref', '-d', ref], { cwd: folder, env: environment });
    await withoutAny().append([note(3)]);
    expect(await open().verify()).toEqual(await withoutAny().verify());
  });
});

describe('whose word it is', () => {
  it('lies in the user’s cache, and nothing of it in the repository', async () => {
    await open().append([note(1)]);
    await open().verify();
    expect(readdirSync(checkpoints)).toHaveLength(1);
    expect(existsSync(join(folder, '.git', 'fieldproof', 'checkpoints'))).toBe(false);
  });

  it('is of one place: a copy of the repository is verified from its first link', async () => {
    await open().append([note(1)]);
    await open().verify();
    const copy = join(root, `copy-${count}`);
    execFileSync('cp', ['-r', folder, copy]);
    const before = readdirSync(checkpoints);
    await new GitLedger({ folder: copy, environment, clock: systemClock, checkpoints }).verify();
    expect(readdirSync(checkpoints).length).toBe(before.length + 1);
  });

  it('is of the keys that it was held against: another key finds its own break', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const other = generateKeyPairSync('ed25519').publicKey;
    const [signingKey, publicKey] = [join(root, `${count}.pem`), join(root, `${count}.pub`)];
    writeFileSync(signingKey, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(publicKey, other.export({ type: 'spki', format: 'pem' }));
    await open({ signingKey }).append([note(1)]);
    expect(await open().verify()).toMatchObject({ state: 'intact', signed: 'unchecked' });
    expect(await open({ publicKeys: [publicKey] }).verify()).toMatchObject({
      state: 'broken',
      reason: expect.stringContaining('unknown key'),
    });
  });

  it.each([
    ['is no JSON', 'x'],
    ['has a field too many', JSON.stringify({ commit: 'a'.repeat(40), entries: 1, head: digestOf('x'), signed: 0, more: 1 })],
    ['names a commit that is not there', JSON.stringify({ commit: 'a'.repeat(40), entries: 1, head: digestOf('x'), signed: 0 })],
  ])('counts for nothing where it %s', async (_, text) => {
    await open().append([note(1)]);
    await open().verify();
    const [name = ''] = readdirSync(checkpoints);
    writeFileSync(join(checkpoints, name), text);
    expect(await open().verify()).toEqual(await withoutAny().verify());
    expect(readFileSync(join(checkpoints, name), 'utf8')).not.toBe(text);
  });

  it('is done without where nothing can be written', async () => {
    writeFileSync(checkpoints, 'a file where a folder should be');
    await open().append([note(1)]);
    expect(await open().verify()).toMatchObject({ state: 'intact', entries: 1 });
  });
});

describe('the entries after one', () => {
  it('are those that came since, from wherever one had come to', async () => {
    await open().append([note(1), note(2), note(3)]);
    await open().verify();
    await open().append([note(4)]);
    const all = await withoutAny().entries();
    const heads = all.map(({ link }) => ({ seq: link.seq, digest: digestOf(canonicalJson(link)) }));
    for (const head of heads) expect(await open().entriesAfter(head)).toEqual(all.slice(head.seq));
  });

  it('are none that can be told where the chain does not hold that one', async () => {
    await open().append([note(1)]);
    expect(await open().entriesAfter({ seq: 1, digest: digestOf('other') })).toBeNull();
    expect(await open().entriesAfter({ seq: 9, digest: digestOf('other') })).toBeNull();
  });
});

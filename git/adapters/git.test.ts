import { execFileSync } from 'node:child_process';
import {
  readdirSync,
  utimesSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  existsSync,
  chmodSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  changedPaths,
  initBareRepository,
  isAncestor,
  mergeBase,
  objectIdAt,
  openRepository,
  readCommit,
  readRef,
  resolveCommit,
  uncommittedPaths,
} from './repository.ts';
import { compareAndSwapRef, writeCommit } from './commits.ts';
import { fetchBranch } from './remote.ts';
import { extractFolder } from './extract.ts';
import { listFiles, readFileAt, readObjects } from './objects.ts';

const environment = { PATH: process.env['PATH'], HOME: '/nonexistent' };
const date = new Date('2026-01-02T03:04:05Z');
let root = '';

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@localhost', ...args], {
    cwd: join(root, 'repo'),
    encoding: 'utf8',
    env: environment,
  }).trim();

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, 'repo', path)), { recursive: true });
  writeFileSync(join(root, 'repo', path), content);
}

function commitAll(message: string): string {
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', message);
  return git('rev-parse', 'HEAD');
}

const open = (folder = 'repo') => openRepository(join(root, folder), { environment });

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'fieldproof-git-')));
  mkdirSync(join(root, 'repo'));
  git('init', '-q', '-b', 'main');
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a commit that is written by several at once', () => {
  const same = { parent: null, changes: [{ path: 'a', content: 'x' }], message: 'm', date };

  it('is one, for all of them', async () => {
    const repository = await open();
    const made = await Promise.all(Array.from({ length: 6 }, async () => await writeCommit(repository, same)));
    expect(new Set(made).size).toBe(1);
    expect(git('cat-file', '-t', made[0] ?? '').trim()).toBe('commit');
  });

  it('is written also where one of them was killed in the middle of it', async () => {
    const elsewhere = join(root, 'elsewhere');
    git('init', '-q', elsewhere);
    const there = await openRepository(elsewhere, { environment });
    const commit = await writeCommit(there, same);
    const packs = (of: string) => readdirSync(join(of, '.git', 'objects', 'pack'));
    const [pack = ''] = packs(elsewhere).filter((name) => name.endsWith('.pack'));
    const mark = join(root, 'repo', '.git', 'objects', 'pack', pack.replace(/pack$/, 'keep'));
    writeFileSync(mark, '');
    utimesSync(mark, new Date(0), new Date(0));
    expect(await writeCommit(await open(), same)).toBe(commit);
    expect(packs(join(root, 'repo'))).toEqual(expect.arrayContaining([pack]));
  });
});

describe('a repository whose ids are SHA-256', () => {
  it('is written to and read from as any other, also where a history begins', async () => {
    rmSync(join(root, 'repo'), { recursive: true });
    mkdirSync(join(root, 'repo'));
    git('init', '-q', '-b', 'main', '--object-format=sha256');
    const repository = await open();
    const change = (content: string) => ({ changes: [{ path: 'a/b', content }], message: 'm', date });
    const first = await writeCommit(repository, { parent: null, ...change('x') });
    const second = await writeCommit(repository, { parent: first, ...change('y') });
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(git('for-each-ref')).toBe('');
    expect(await compareAndSwapRef(repository, 'refs/heads/fieldproof/x', first, null)).toBe(true);
    expect(await compareAndSwapRef(repository, 'refs/heads/fieldproof/x', second, first)).toBe(true);
    expect(await compareAndSwapRef(repository, 'refs/heads/fieldproof/x', first, null)).toBe(false);
    expect(await readRef(repository, 'refs/heads/fieldproof/x')).toBe(second);
    expect(await changedPaths(repository, first, second)).toEqual(['a/b']);
    expect(String(await readFileAt(repository, second, 'a/b'))).toBe('y');
    await extractFolder(repository, second, 'a', join(root, 'out'));
    expect(readFileSync(join(root, 'out', 'b'), 'utf8')).toBe('y');
  });

  it('is refused in words where it would have to be kept beside SHA-1', async () => {
    rmSync(join(root, 'repo'), { recursive: true });
    mkdirSync(join(root, 'repo'));
    git('init', '-q', '-b', 'main', '--object-format=sha256');
    const tip = commitAll('m');
    const cache = await initBareRepository(join(root, 'cache.git'), { environment });
    await expect(fetchBranch(cache, `file://${join(root, 'repo')}`, 'main', tip)).rejects.toThrow(/names its commits by SHA-256/);
  });
});

describe('opening', () => {
  it('finds the top of a working tree from a folder inside it', async () => {
    write('a/b.txt', 'x');
    expect(await open('repo/a')).toMatchObject({ folder: join(root, 'repo'), bare: false });
  });

  it('refuses a folder inside another repository when the folder itself must be one', async () => {
    write('fleet/readme', 'x');
    await expect(openRepository(join(root, 'repo/fleet'), { environment, exact: true })).rejects.toThrow('not a Git repository');
  });

  it.each([
    ['missing', 'no such folder'],
    ['plain', 'not a Git repository'],
    ['repo/.git', 'the inside of a .git folder'],
  ])('says what is wrong with %s: %s', async (folder, message) => {
    mkdirSync(join(root, 'plain'));
    await expect(open(folder)).rejects.toThrow(message);
  });

  it('says so when git is not on the PATH', async () => {
    await expect(openRepository(join(root, 'repo'), { environment: { PATH: '/nonexistent' } })).rejects.toThrow(
      'git cannot be started',
    );
  });
});

describe('reading', () => {
  it('resolves revisions to commits, and says undefined for what is not there', async () => {
    const head = commitAll('one');
    const repository = await open();
    expect(await resolveCommit(repository, 'main')).toBe(head);
    expect(await resolveCommit(repository, 'nobody')).toBeUndefined();
    expect(await resolveCommit(repository, '--all')).toBeUndefined();
    expect(await readRef(repository, 'refs/heads/main')).toBe(head);
    expect(await readRef(repository, 'refs/heads/mai')).toBeUndefined();
    expect(await readRef(repository, 'refs/heads/*')).toBeUndefined();
    expect(await readRef(repository, 'refs/heads')).toBeUndefined();
  });

  it('does not take refs/heads/x for refs/heads/refs/heads/x', async () => {
    commitAll('one');
    git('branch', 'refs/heads/x');
    expect(await readRef(await open(), 'refs/heads/x')).toBeUndefined();
  });

  it('gives folders of equal content equal ids', async () => {
    write('m/a.txt', 'x');
    const one = commitAll('one');
    write('other.txt', 'y');
    const two = commitAll('two');
    const repository = await open();
    expect(await objectIdAt(repository, one, 'm')).toBe(await objectIdAt(repository, two, './m/'));
    expect(await objectIdAt(repository, one, '')).not.toBe(await objectIdAt(repository, two, '.'));
    expect(await objectIdAt(repository, one, 'nobody')).toBeUndefined();
  });

  it('lists and reads files whatever their names and bytes', async () => {
    const bytes = Buffer.from([0, 10, 255, 13, 10]);
    write('m/blank name*[1].bin', bytes);
    write('m/run.sh', 'x');
    chmodSync(join(root, 'repo/m/run.sh'), 0o755);
    write('n.txt', 'n');
    const head = commitAll('one');
    const repository = await open();
    const files = await listFiles(repository, head, 'm/');
    expect(files.map(({ path, kind }) => ({ path, kind }))).toEqual([
      { path: 'm/blank name*[1].bin', kind: 'file' },
      { path: 'm/run.sh', kind: 'executable' },
    ]);
    expect(Buffer.from((await readFileAt(repository, head, 'm/blank name*[1].bin')) ?? [])).toEqual(bytes);
    expect(await readFileAt(repository, head, 'm/none')).toBeUndefined();
    expect(
      (await readObjects(repository, [`${head}:n.txt`, 'nothing here', `${head}:n.txt`])).map(
        (b) => b && Buffer.from(b).toString(),
      ),
    ).toEqual(['n', undefined, 'n']);
  });

  it('refuses a text larger than any that is read, and reads what lies beside it', async () => {
    writeFileSync(join(root, 'repo/huge.json'), Buffer.alloc(81 * 1024 * 1024));
    write('small.json', '{}');
    const head = commitAll('one');
    const repository = await open();
    await expect(readFileAt(repository, head, 'huge.json')).rejects.toThrow(
      'huge.json: is larger than any text that is read\n  remedy: make it smaller',
    );
    expect(String(await readFileAt(repository, head, 'small.json'))).toBe('{}');
  });

  it('names what differs between commits and what is not committed', async () => {
    write('m/a.txt', 'x');
    const one = commitAll('one');
    write('m/a.txt', 'y');
    write('b.txt', 'y');
    const two = commitAll('two');
    write('c d.txt', 'z');
    const repository = await open();
    expect(await changedPaths(repository, one, two)).toEqual(['b.txt', 'm/a.txt']);
    expect(await changedPaths(repository, one, two, 'm')).toEqual(['m/a.txt']);
    expect(await uncommittedPaths(repository)).toEqual(['c d.txt']);
    expect(await isAncestor(repository, one, two)).toBe(true);
    expect(await isAncestor(repository, two, one)).toBe(false);
    expect(await mergeBase(repository, one, two)).toBe(one);
    expect(await readCommit(repository, two)).toMatchObject({
      id: two,
      parents: [one],
      author: 'a',
      email: 'a@localhost',
      message: 'two\n',
    });
  });
});

describe('extracting', () => {
  it('writes the bytes of the commit, whatever filters and line ends the user has set', async () => {
    write('.gitattributes', '*.txt text eol=crlf\n*.bin filter=evil export-ignore\n');
    git('config', 'filter.evil.smudge', 'touch ../pwned; cat');
    write('m/sub/a.txt', 'one\ntwo\n');
    write('m/big.bin', Buffer.alloc(5 * 1024 * 1024, 7));
    symlinkSync('sub/a.txt', join(root, 'repo/m/link'));
    const head = commitAll('one');
    await extractFolder(await open(), head, 'm', join(root, 'out/m'));
    expect(readFileSync(join(root, 'out/m/sub/a.txt'), 'utf8')).toBe('one\ntwo\n');
    expect(statSync(join(root, 'out/m/big.bin')).size).toBe(5 * 1024 * 1024);
    expect(readlinkSync(join(root, 'out/m/link'))).toBe('sub/a.txt');
    expect(existsSync(join(root, 'pwned'))).toBe(false);
  });

  it.each(['../secret', '/etc/passwd', 'sub/../../x'])('refuses a link to %s, and leaves nothing behind', async (target) => {
    write('m/a.txt', 'x');
    symlinkSync(target, join(root, 'repo/m/link'));
    const head = commitAll('one');
    await expect(extractFolder(await open(), head, 'm', join(root, 'out'))).rejects.toThrow(
      /m\/link: a link to .*outside its folder/,
    );
    expect(existsSync(join(root, 'out'))).toBe(false);
  });

  it('refuses a tree made by hand whose names climb out', async () => {
    const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], {
      cwd: join(root, 'repo'),
      input: 'x',
      encoding: 'utf8',
    }).trim();
    const entry = Buffer.concat([Buffer.from('100644 x\0'), Buffer.from(blob, 'hex')]);
    const hash = (input: Buffer) =>
      execFileSync('git', ['hash-object', '-w', '--literally', '-t', 'tree', '--stdin'], {
        cwd: join(root, 'repo'),
        input,
        encoding: 'utf8',
      }).trim();
    const climbing = hash(Buffer.concat([Buffer.from('40000 ..\0'), Buffer.from(hash(entry), 'hex')]));
    const head = git('commit-tree', climbing, '-m', 'x');
    await expect(extractFolder(await open(), head, '', join(root, 'out'))).rejects.toThrow('could leave its folder');
  });

  it('replaces a Git LFS pointer by its object, or says how to get it', async () => {
    const oid = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
    write('m/w.onnx', `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 1\n`);
    const head = commitAll('one');
    const repository = await open();
    await expect(extractFolder(repository, head, 'm', join(root, 'out'))).rejects.toThrow('git lfs fetch');
    write(`.git/lfs/objects/2d/71/${oid}`, 'x');
    await extractFolder(repository, head, 'm', join(root, 'out'));
    expect(readFileSync(join(root, 'out/w.onnx'), 'utf8')).toBe('x');
  });

  it('says which folder is not there', async () => {
    write('m/a.txt', 'x');
    const head = commitAll('one');
    await expect(extractFolder(await open(), head, 'models/porch', join(root, 'out'))).rejects.toThrow(
      /models\/porch: no such folder at commit/,
    );
    await expect(extractFolder(await open(), head, 'm/a.txt', join(root, 'out'))).rejects.toThrow('no such folder at commit');
  });
});

describe('writing', () => {
  it('makes a commit with changes without touching the index, the working tree or the hooks', async () => {
    write('keep.txt', 'k');
    write('gone.txt', 'g');
    const head = commitAll('one');
    write('.git/hooks/reference-transaction', '#!/bin/sh\ntouch "$(git rev-parse --git-dir)/hooked"\n');
    chmodSync(join(root, 'repo/.git/hooks/reference-transaction'), 0o755);
    const repository = await open();
    const change = {
      parent: head,
      changes: [
        { path: 'new/a "quoted" \\ ä\nname.txt', content: 'n' },
        { path: 'gone.txt', content: null },
      ],
      message: 'two\n\n# kept\n',
      date,
    };
    const commit = await writeCommit(repository, change);
    expect(git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    expect(await compareAndSwapRef(repository, 'refs/heads/side', commit, null)).toBe(true);
    expect((await listFiles(repository, commit)).map(({ path }) => path)).toEqual(['keep.txt', 'new/a "quoted" \\ ä\nname.txt']);
    expect(await uncommittedPaths(repository)).toEqual([]);
    expect(git('show', '-s', '--format=%an <%ae> %aI %cI%n%B', 'side')).toBe(
      'Fieldproof <fieldproof@localhost> 2026-01-02T03:04:05+00:00 2026-01-02T03:04:05+00:00\ntwo\n\n# kept',
    );
    expect(existsSync(join(root, 'repo/.git/hooked'))).toBe(false);
    expect(await writeCommit(repository, change)).toBe(commit);
  });

  it('begins an empty repository, and writes hundreds of files at once', async () => {
    const repository = await open();
    const changes = Array.from({ length: 300 }, (_, i) => ({ path: `${i % 7}/${i}.json`, content: `{"n":${i}}` }));
    const commit = await writeCommit(repository, { parent: null, changes, message: 'one', date });
    expect(await listFiles(repository, commit)).toHaveLength(300);
    expect(Buffer.from((await readFileAt(repository, commit, '1/8.json')) ?? []).toString()).toBe('{"n":8}');
  });

  it('moves a ref only from where it was expected', async () => {
    const one = commitAll('one');
    const two = commitAll('two');
    const repository = await open();
    expect(await compareAndSwapRef(repository, 'refs/heads/side', one, two)).toBe(false);
    expect(await compareAndSwapRef(repository, 'refs/heads/side', one, null)).toBe(true);
    expect(await compareAndSwapRef(repository, 'refs/heads/side', two, null)).toBe(false);
    expect(await compareAndSwapRef(repository, 'refs/heads/side', two, one)).toBe(true);
  });

  it('names the lock that a killed git left', async () => {
    const one = commitAll('one');
    write('.git/refs/heads/side.lock', '');
    await expect(compareAndSwapRef(await open(), 'refs/heads/side', one, null)).rejects.toThrow(
      /side\.lock': File exists[\s\S]*remove that file/,
    );
  });

  it('removes a lock of its own refs that a killed process left, so that the next run goes on', async () => {
    const one = commitAll('one');
    write('.git/refs/heads/fieldproof/ledger.lock', '');
    const lock = join(root, 'repo/.git/refs/heads/fieldproof/ledger.lock');
    utimesSync(lock, new Date(0), new Date(0));
    expect(await compareAndSwapRef(await open(), 'refs/heads/fieldproof/ledger', one, null)).toBe(true);
    expect(existsSync(lock)).toBe(false);
  });
});

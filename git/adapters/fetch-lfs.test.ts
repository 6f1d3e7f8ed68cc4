import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentProgress } from '#kernel';
import { startLfsServer, type LfsServer } from '../../testing/github/lfs-server.ts';
import { fetchLfs } from './fetch-lfs.ts';
import { gitModelRepository } from './git-model-repository.ts';
import { openRepository } from './repository.ts';

const WEIGHTS = Buffer.alloc(100_000, 'weights');
const PASSWORD = 'of the job';
let folder: string;
let server: LfsServer;
const at = (...names: string[]) => path.join(folder, ...names);
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=Team', '-c', 'user.email=team@example.com', ...args], {
    cwd: at('porch'),
    encoding: 'utf8',
  }).trim();

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-lfs-'));
  server = await startLfsServer(PASSWORD);
  mkdirSync(at('porch', 'models', 'porch'), { recursive: true });
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', server.url);
  signIn(PASSWORD);
  commit({ 'models/porch/porch.onnx': server.add(WEIGHTS), 'models/porch/model.yaml': 'task: classification\n' });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function signIn(password: string): void {
  git('config', 'credential.helper', `!f() { echo username=x-access-token; echo password=${password}; }; f`);
}

function commit(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(at('porch', name), text);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Change');
}

/** Bytes of the download that is on its way. */
function partSize(): number {
  const part = readdirSync(at('data'), { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('.part'));
  return part === undefined ? 0 : statSync(at('data', part)).size;
}

async function open() {
  const repository = await openRepository(at('porch'), { environment: { PATH: process.env['PATH'], HOME: folder } });
  return { repository, models: gitModelRepository(repository, at(), at('data')) };
}

async function fetch(): Promise<void> {
  const { repository, models } = await open();
  const wanted = (await models.largeFiles('main', 'models/porch')).map(({ path: file, ...large }) => ({
    ...large,
    at: { file },
  }));
  await fetchLfs(repository, wanted, { remote: 'origin', folder: at('data'), progress: silentProgress });
}

async function extracted(): Promise<Buffer> {
  const { models } = await open();
  return readFileSync(path.join(await models.extract('main', 'models/porch'), 'porch.onnx'));
}

const refusal = async (work: Promise<unknown>) =>
  await work.then(
    () => '',
    (thrown: Error) => thrown.message,
  );

describe('weights in Git LFS', () => {
  it('are named with what to do where they are not here', async () => {
    expect(await refusal(extracted())).toMatch(/models\/porch\/porch\.onnx.*a Git LFS pointer[^]*fieldproof fetch/);
  });

  it('are brought with the password that git has, which the host of the objects never sees', async () => {
    await fetch();
    expect((await extracted()).equals(WEIGHTS)).toBe(true);
    const basic = `Basic ${Buffer.from(`x-access-token:${PASSWORD}`).toString('base64')}`;
    expect(server.asked).toEqual([`batch ${basic} whole`, 'object none whole']);
    await fetch();
    expect(server.asked.filter((line) => line.startsWith('object'))).toHaveLength(1);
  });

  it('go on from where a connection broke', async () => {
    // What a client has not read yet is lost with its connection.
    server.cuts.push({ bytes: 60_000, when: () => vi.waitUntil(() => partSize() > 0) });
    await fetch();
    expect((await extracted()).equals(WEIGHTS)).toBe(true);
    expect(server.asked.at(-1)).toMatch(/^object none bytes=\d+-$/);
  });

  it('that are not what the pointer names are never used', async () => {
    const { digest } = (await (await open()).models.largeFiles('main', 'models/porch'))[0] ?? { digest: '' };
    server.instead.set(digest.slice('sha256:'.length), Buffer.alloc(WEIGHTS.length, 'poison'));
    expect(await refusal(fetch())).toMatch(/models\/porch\/porch\.onnx.*what came is not sha256:/);
    server.instead.set(digest.slice('sha256:'.length), Buffer.alloc(WEIGHTS.length + 1, 'poison'));
    expect(await refusal(fetch())).toMatch(/is larger than the 100000 bytes/);
    expect(await refusal(extracted())).toContain('a Git LFS pointer');
  });

  it('that the server has not, or does not give, are an error that names the file and the remedy', async () => {
    commit({ 'models/porch/porch.onnx': `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 3\n` });
    expect(await refusal(fetch())).toMatch(/models\/porch\/porch\.onnx.*Object does not exist[^]*git lfs push/);
    signIn('another');
    expect(await refusal(fetch())).toMatch(/answers with 401[^]*contents: read/);
  });

  it('are never asked of an address that a commit names', async () => {
    commit({ '.lfsconfig': '[lfs]\n\turl = http://127.0.0.1:1/evil\n' });
    await fetch();
    expect((await extracted()).equals(WEIGHTS)).toBe(true);
    git('remote', 'set-url', 'origin', '/srv/porch.git');
    expect(await refusal(fetch())).toContain('has no address over HTTP');
  });
});

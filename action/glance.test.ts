import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configText } from '../testing/worlds/colour-datasets.ts';

/** As a fresh runner has it: the action's checkout, and no installed package. */
const root = path.resolve(import.meta.dirname, '..');
let folder: string;
const home = () => path.join(folder, 'action');
const model = () => path.join(folder, 'porch');

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-glance-'));
  const sources = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of sources.split('\0').filter((name) => /\.(ts|js)$|^package\.json$/.test(name)))
    cpSync(path.join(root, file), path.join(home(), file));
  mkdirSync(model());
  git('init', '--quiet', '--initial-branch=main');
  commit({ 'fieldproof.yaml': configText, 'models/tiny/model.onnx': 'weights' });
});
afterAll(() => rmSync(folder, { recursive: true }));

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=Team', '-c', 'user.email=team@example.com', ...args], { cwd: model(), stdio: 'pipe' });

function commit(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(model(), name)), { recursive: true });
    writeFileSync(path.join(model(), name), text);
  }
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Change');
}

async function glance(branch: string, files: Readonly<Record<string, string>>): Promise<{ code: number; stdout: string }> {
  git('checkout', '--quiet', '-b', branch, 'main');
  commit(files);
  const hook = pathToFileURL(path.join(home(), 'action', 'dist', 'packages.js')).href;
  const args = ['--disable-warning=ExperimentalWarning', '--import', hook, path.join(home(), 'cli', 'glance.ts')];
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
  return await promisify(execFile)(process.execPath, [...args, '--head', branch, '--out', '../opened'], {
    cwd: model(),
    env,
  }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (thrown: { code: number; stdout: string }) => ({ code: thrown.code, stdout: thrown.stdout }),
  );
}

describe('the first look at a change, with nothing installed', () => {
  it('ends what touches nothing that is judged, and tells the jobs that follow', async () => {
    const { code, stdout } = await glance('docs', { 'README.md': 'A porch.' });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('NOT JUDGED') });
    expect(JSON.parse(readFileSync(path.join(folder, 'opened', 'open.json'), 'utf8'))).toMatchObject({ judged: false });
  });

  it('leaves to the check what touches a model, and what it cannot read', async () => {
    expect(await glance('weights', { 'models/tiny/model.onnx': 'others' })).toEqual({ code: 10, stdout: '' });
    expect(await glance('broken', { 'fieldproof.yaml': '{' })).toEqual({ code: 10, stdout: '' });
  });
});

import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
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

/** The action as a runner starts it, on a pull request of this branch. */
async function act(
  branch: string,
  files: Readonly<Record<string, string>>,
): Promise<{ code: number; log: string; outputs: string }> {
  git('checkout', '--quiet', '-b', branch, 'main');
  commit(files);
  const outputs = path.join(folder, `${branch}.outputs`);
  writeFileSync(outputs, '');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    INPUT_COMMAND: 'open',
    INPUT_BASE: 'main',
    INPUT_HEAD: branch,
    'INPUT_GITHUB-TOKEN': 'of the job',
    GITHUB_WORKSPACE: model(),
    GITHUB_OUTPUT: outputs,
    RUNNER_TEMP: folder,
  };
  const told = ({ code, stdout }: { code: number; stdout: string }) => ({
    code,
    log: stdout,
    outputs: readFileSync(outputs, 'utf8'),
  });
  return await promisify(execFile)(process.execPath, [path.join(home(), 'action', 'dist', 'main.js')], {
    cwd: model(),
    env,
  }).then(
    ({ stdout }) => told({ code: 0, stdout }),
    (thrown: { code: number; stdout: string }) => told(thrown),
  );
}

describe('the first look at a change, with nothing installed', () => {
  it('ends what touches nothing that is judged, and tells the jobs that follow', async () => {
    const { code, log, outputs } = await act('docs', { 'README.md': 'A porch.' });
    expect({ code, log }).toMatchObject({ code: 0, log: expect.stringContaining('NOT JUDGED') });
    expect(outputs).toMatch(/^judged<<.*\nfalse\n/);
    expect(existsSync(path.join(home(), 'node_modules'))).toBe(false);
  });

  it.each([
    ['what touches a model', 'weights', { 'models/tiny/model.onnx': 'others' }],
    ['what it cannot read', 'broken', { 'fieldproof.yaml': '{' }],
  ])('leaves to the check %s', async (_, branch, files) => {
    // Nothing can be installed here, and that is how far it comes.
    const { code, log, outputs } = await act(branch, files);
    expect({ code, log }).toMatchObject({ code: 3, log: expect.stringContaining('packages could not be installed') });
    expect(log).not.toContain('NOT JUDGED');
    expect(outputs).toBe('');
  });
});

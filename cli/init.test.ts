import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePictures } from '../testing/worlds/colour-datasets.ts';
import { openModelRepository, runFieldproof, testCache, type ModelRepository } from '../testing/worlds/model-repository.ts';
import { askForWishes } from './init/ask.ts';

let repository: ModelRepository;
beforeAll(async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-e2e-'));
  repository = openModelRepository(folder);
  for (const name of ['model', 'tmp']) mkdirSync(path.join(folder, name));
  repository.git('init', '--quiet', '--initial-branch=main');
  repository.commit('Begin');
  await repository.writeModel();
  rmSync(path.join(repository.model, 'models', 'tiny', 'model.yaml'));
  await writePictures(path.join(repository.model, 'pictures'));
});
afterAll(() => repository.remove());

describe('fieldproof init', () => {
  it('writes what a check needs, keeps what is there, and leads to a first check that decides', async () => {
    const init = ['init', '--model', 'models/tiny', '--images', 'pictures'];
    const first = await runFieldproof(repository, init);
    expect(first.stdout.split('\n').slice(0, 4)).toEqual([
      'written  fieldproof.yaml',
      'written  models/tiny/model.yaml',
      'written  datasets/research.yaml',
      'pinned   48 files in datasets/research.sha256',
    ]);
    expect(first.stdout).toMatch(/\nYours to set:\n {2}fieldproof\.yaml:\d+ +where its images are pushed/);
    expect(first.code).toBe(0);
    expect((await runFieldproof(repository, init)).stdout).toMatch(
      /^kept {5}fieldproof\.yaml\nkept {5}models\/tiny\/model\.yaml\n/,
    );
    // What the lines marked "set" ask for: the size that the model takes, and the order in which it names its classes.
    await repository.writeModel();
    repository.commit('Gate changes of the model');
    const { code, stdout } = await runFieldproof(repository, ['check', '--base', 'main~1', '--head', 'main']);
    expect(stdout).toMatch(/PASS {2}tiny passes: nothing is deployed yet to compare it with/);
    expect(code).toBe(0);
  });

  it('takes pictures by an absolute path and classes whose names look like numbers, and marks that their order is to be set', async () => {
    for (const name of ['0', '1', 'no one'])
      cpSync(path.join(repository.model, 'pictures', 'red'), path.join(repository.folder, 'digits', name), { recursive: true });
    for (const file of ['fieldproof.yaml', 'datasets']) rmSync(path.join(repository.model, file), { recursive: true });
    const init = ['init', '--model', 'models/digits', '--images', path.join(repository.folder, 'digits')];
    const { code, stderr } = await runFieldproof(repository, init);
    expect({ code, stderr: stderr.includes('could not run') }).toEqual({ code: 0, stderr: false });
    const read = (file: string) => readFileSync(path.join(repository.model, file), 'utf8');
    expect(read('datasets/research.yaml')).toMatch(/^classes: \["0", "1", no one\] +# set: in the order of the model's output$/m);
    expect(read('datasets/research.yaml')).toMatch(/^root: \.\.\/\.\.\/digits$/m);
    expect(read('models/digits/model.yaml')).toMatch(/# set: no \.onnx was found in this folder$/m);
  });

  it('writes workflows, and the first check runs as they run it: through the action', async () => {
    const fresh = openModelRepository(mkdtempSync(path.join(tmpdir(), 'fieldproof-e2e-')));
    for (const name of ['model', 'tmp']) mkdirSync(path.join(fresh.folder, name));
    fresh.git('init', '--quiet', '--initial-branch=main');
    execFileSync('git', ['init', '--quiet', '--bare', path.join(fresh.folder, 'origin.git')]);
    fresh.git('remote', 'add', 'origin', '../origin.git');
    await fresh.writeModel();
    await writePictures(path.join(fresh.model, 'pictures'));
    const pin = `acme/fieldproof@${'1'.repeat(40)}`;
    const init = ['init', '--model', 'models/tiny', '--images', 'pictures', '--github', '--action', pin];
    const { code, stdout } = await runFieldproof(fresh, init);
    expect({ code, written: stdout.match(/^written .*$/gm) }).toEqual({
      code: 0,
      written: [
        'written  fieldproof.yaml',
        'written  datasets/research.yaml',
        'written  .github/workflows/fieldproof-check.yml',
        'written  .github/workflows/fieldproof-accept.yml',
        'written  .github/workflows/fieldproof-replay.yml',
        'written  .github/workflows/fieldproof-audit.yml',
        'written  .github/workflows/fieldproof-deploy.yml',
      ],
    });
    const workflow = readFileSync(path.join(fresh.model, '.github', 'workflows', 'fieldproof-check.yml'), 'utf8');
    expect(workflow).toContain(`- uses: ${pin}\n`);
    // The order in which the model names its classes, as the line marked "set" asks.
    const manifest = path.join(fresh.model, 'datasets', 'research.yaml');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/classes: .*/, 'classes: [red, green, blue]'));
    const configText = readFileSync(path.join(fresh.model, 'fieldproof.yaml'), 'utf8');
    fresh.write({ 'fieldproof.yaml': configText.replace(/.*latency-p50.*\n/, '').replace('margin: 2%', 'margin: 20%') });
    fresh.commit('Gate changes of the model');
    fresh.git('checkout', '--quiet', '-b', 'change');
    await fresh.writeModel({ gains: [1.1, 1.1, 1.1] });
    fresh.commit('Change the model');
    const ran = runAction(fresh, { INPUT_COMMAND: 'check', INPUT_BASE: 'main', INPUT_HEAD: 'change', INPUT_LEDGER: 'origin' });
    expect(ran.stdout).toMatch(/PASS {2}tiny passes/);
    expect(ran.outputs).toMatch(/^verdict<<(\S+)\npass\n\1\nrecord-id<<(\S+)\nsha256:[0-9a-f]{64}\n\2\n/);
    expect(ran.code).toBe(0);
    const facts = execFileSync('git', ['-C', path.join(fresh.folder, 'origin.git'), 'rev-parse', 'fieldproof/ledger'], {
      encoding: 'utf8',
    });
    expect(facts.trim()).toBe(fresh.git('rev-parse', 'fieldproof/ledger'));
    fresh.remove();
  });

  it('asks whoever sits at a terminal for what was not said, and nothing else', async () => {
    const asked: string[] = [];
    const answers = ['models/porch', '', 'y', ''];
    const ask = (question: string) => Promise.resolve(answers[asked.push(question) - 1] ?? '');
    expect(await askForWishes({}, ask)).toEqual({ model: 'models/porch', github: true, forks: false });
    expect(asked).toHaveLength(4);
    expect(await askForWishes({ model: 'm', images: 'i', github: false }, () => Promise.reject(new Error('asked')))).toEqual({
      model: 'm',
      images: 'i',
      github: false,
      forks: false,
    });
  });

  it('pins the action to a commit or to nothing', async () => {
    const { code, stderr } = await runFieldproof(repository, ['init', '--github', '--action', 'acme/fieldproof@v1']);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringContaining('pin the commit: a tag or a branch can be moved'),
    });
  });

  it('writes nothing outside the repository', async () => {
    const outside = path.join(repository.folder, 'elsewhere');
    for (const model of [outside, '../elsewhere']) {
      const { code, stderr } = await runFieldproof(repository, ['init', '--model', model]);
      expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('is not a folder of the repository') });
    }
    expect(existsSync(outside)).toBe(false);
  });
});

/** The driver as a runner starts it. */
function runAction(
  of: ModelRepository,
  inputs: Record<string, string>,
): { code: number | null; stdout: string; outputs: string } {
  const outputs = path.join(of.folder, 'outputs');
  writeFileSync(outputs, '');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: of.folder,
    GITHUB_WORKSPACE: of.model,
    GITHUB_OUTPUT: outputs,
    RUNNER_TEMP: path.join(of.folder, 'tmp'),
    FIELDPROOF_CACHE: testCache,
    INPUT_RUNNER: 'process',
    INPUT_PUBLISH: 'false',
    ...inputs,
  };
  const driver = path.resolve(import.meta.dirname, '..', 'action', 'dist', 'main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [driver], { env, encoding: 'utf8' });
  return { code: status, stdout: `${stdout}${stderr}`, outputs: readFileSync(outputs, 'utf8') };
}

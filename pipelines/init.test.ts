import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePictures } from '../testing/colour-datasets.ts';
import { openModelRepository, runFieldproof, type ModelRepository } from '../testing/model-repository.ts';

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
    expect(first.code).toBe(0);
    expect((await runFieldproof(repository, init)).stdout).toMatch(
      /^kept {5}fieldproof\.yaml\nkept {5}models\/tiny\/model\.yaml\n/,
    );
    // What the lines marked "set" ask for: the size that the model takes, and the order in which it names its classes.
    await repository.writeModel();
    repository.commit('Gate changes of the model');
    const { code, stdout } = await runFieldproof(repository, ['check', '--base', 'main~1', '--head', 'main']);
    expect(stdout).toMatch(/PASS {2}tiny passes as a first release/);
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

  it('writes nothing outside the repository', async () => {
    const outside = path.join(repository.folder, 'elsewhere');
    for (const model of [outside, '../elsewhere']) {
      const { code, stderr } = await runFieldproof(repository, ['init', '--model', model]);
      expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('is not a folder of the repository') });
    }
    expect(existsSync(outside)).toBe(false);
  });
});

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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
});

import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitModelRepository, openRepository } from '#git/adapters';
import { configText, replayManifest, researchManifest } from '../../../testing/worlds/colour-datasets.ts';
import { openModelRepository, type ModelRepository } from '../../../testing/worlds/model-repository.ts';
import { findUntouched } from './find-untouched.ts';

let world: ModelRepository;
let branches = 0;
const FILES = {
  'fieldproof.yaml': configText,
  'datasets/bench.yaml': researchManifest,
  'datasets/bench.sha256': 'a',
  'datasets/street.yaml': replayManifest,
  'models/tiny/model.onnx': 'weights',
  'docs/porch.md': 'A porch.',
};
beforeAll(() => {
  world = openModelRepository(mkdtempSync(path.join(tmpdir(), 'fieldproof-untouched-')));
  for (const name of ['model', 'tmp']) mkdirSync(path.join(world.folder, name));
  world.git('init', '--quiet', '--initial-branch=main');
  world.write(FILES);
  world.commit('Begin');
});
afterAll(() => world.remove());

const find = async (base: string, head: string) =>
  await findUntouched(gitModelRepository(await openRepository(world.model, { environment: process.env }), tmpdir()), {
    base,
    head,
  });

function branch(from: string, files: Readonly<Record<string, string>>): string {
  const name = `branch-${(branches += 1)}`;
  world.git('checkout', '--quiet', '-b', name, from);
  world.write(files);
  world.commit(name);
  return name;
}

describe('a change touches nothing that is judged', () => {
  it.each([
    ['documentation', { 'docs/porch.md': 'Another.', 'README.md': 'New.' }],
    ['how a verdict is published', { 'fieldproof.yaml': `${configText}github: { comment: false }\n` }],
    ['a comment in the configuration', { 'fieldproof.yaml': `# Ours.\n${configText}` }],
    ['a folder whose name only begins as a model', { 'models/tiny-notes/notes.md': 'x' }],
  ])('by %s', async (_, files) => {
    expect(await find('main', branch('main', files))).toEqual({
      base: world.git('rev-parse', 'main'),
      head: world.git('rev-parse', `branch-${branches}`),
      since: world.git('rev-parse', 'main'),
    });
  });

  it.each([
    ['weights', { 'models/tiny/model.onnx': 'others' }],
    ['a file beside the weights', { 'models/tiny/new.txt': 'x' }],
    ['a gate', { 'fieldproof.yaml': configText.replace('at-least: 50%', 'at-least: 49%') }],
    ['a configuration that cannot be read', { 'fieldproof.yaml': '{' }],
    ['a manifest', { 'datasets/bench.yaml': `${researchManifest}\n# x\n` }],
    ['pins', { 'datasets/bench.sha256': 'b' }],
    ['the keys of chipsets', { 'fieldproof.chipsets.json': '{}' }],
    ['a workflow, which says what runtime runs', { '.github/workflows/fieldproof-check.yml': 'x' }],
  ])('but not by %s', async (_, files) => {
    expect(await find('main', branch('main', files))).toBeNull();
  });

  it('whatever the base has gained meanwhile', async () => {
    const docs = branch('main', { 'docs/porch.md': 'Behind.' });
    const ahead = branch('main', { 'models/tiny/model.onnx': 'ahead' });
    expect(await find(ahead, docs)).toMatchObject({ since: world.git('rev-parse', 'main') });
    expect(await find(docs, ahead)).toBeNull();
  });

  it('and is judged all the same where it is no change, or shares no past with its base', async () => {
    expect(await find('main', 'main')).toBeNull();
    world.git('checkout', '--quiet', '--orphan', 'unrelated');
    world.commit('Begin again');
    expect(await find('main', 'unrelated')).toBeNull();
  });
});

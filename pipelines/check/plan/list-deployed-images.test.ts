import { describe, expect, it } from 'vitest';
import { digestOf, releaseOf } from '#kernel';
import { memoryModels } from '../../../testing/fakes/memory-models.ts';
import { memoryConfig } from '../../../testing/worlds/memory-check.ts';
import { listDeployedImages } from './list-deployed-images.ts';

const releaseNamed = (text: string) => releaseOf({ model: digestOf(text), runtime: null });
const states = [
  {
    model: 'porch',
    commit: null,
    deployed: ['one', 'two', 'one'].map((name) => ({ site: name, chipset: 'edge', release: releaseNamed(name) })),
    superior: releaseNamed('best'),
  },
];
const named = (...texts: string[]) => texts.map((text) => `registry.example/acme/porch@${digestOf(text)}`);
const pinned = memoryConfig().replace('task: classification', `task: classification, anchor: "${digestOf('pinned')}"`);

describe('images that are compared with', () => {
  const list = async (base: Readonly<Record<string, string>>, head: Readonly<Record<string, string>> = base) => {
    const built = { 'models/porch/weights': 'x', 'models/new/weights': 'x' };
    const commits = { base: { files: { ...built, ...base } }, head: { files: { ...built, ...head } } };
    return await listDeployedImages(memoryModels(commits), { base: 'base', head: 'head' }, states);
  };
  const dockerfile = { 'models/porch/Dockerfile': 'FROM scratch' };

  it('are what is deployed, what was better beyond doubt, and what is pinned, each once', async () => {
    expect(await list({ 'fieldproof.yaml': memoryConfig(), ...dockerfile })).toEqual(named('one', 'two', 'best'));
    expect(await list({ 'fieldproof.yaml': pinned, ...dockerfile })).toEqual(named('one', 'two', 'best', 'pinned'));
  });

  it('are none where a model is weights alone, which every machine packs alike', async () => {
    expect(await list({ 'fieldproof.yaml': memoryConfig() })).toEqual([]);
  });

  it('are asked for by the word of the base alone', async () => {
    expect(await list({}, { 'fieldproof.yaml': pinned, ...dockerfile })).toEqual([]);
    const head = pinned
      .replace(
        'models:\n',
        'models:\n  new: { build: models/new, image: registry.example/acme/new, task: classification, anchor: "' +
          digestOf('x') +
          '" }\n',
      )
      .replace('gates:\n', 'gates:\n  new: [ { dataset: bench, metric: top1, margin: 1% } ]\n');
    const base = { 'fieldproof.yaml': memoryConfig(), ...dockerfile };
    expect(await list(base, { 'fieldproof.yaml': head, ...dockerfile, 'models/new/Dockerfile': 'FROM scratch' })).toEqual(
      named('one', 'two', 'best'),
    );
  });
});

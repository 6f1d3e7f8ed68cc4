import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openRepository } from '#git/adapters';
import { configText } from '../../../testing/worlds/colour-datasets.ts';
import { openModelRepository } from '../../../testing/worlds/model-repository.ts';
import { gitModelRepository } from '../../../git/adapters/git-model-repository.ts';
import { gatherChange } from './gather-change.ts';

const world = openModelRepository(mkdtempSync(path.join(tmpdir(), 'fieldproof-gather-')));
afterAll(() => world.remove());

it("says whose gates judge a model that the base does not know, and leaves the base's to all others", async () => {
  for (const name of ['model', 'tmp']) mkdirSync(path.join(world.folder, name));
  world.git('init', '--quiet', '--initial-branch=main');
  world.write({ 'fieldproof.yaml': configText, 'models/tiny/model.yaml': 'x: 1\n' });
  world.commit('Begin');
  world.git('checkout', '--quiet', '-b', 'change');
  world.write({
    'fieldproof.yaml': configText
      .replace('models:\n', 'models:\n  lax: { build: models/tiny, image: registry.example/acme/lax, task: classification }\n')
      .replace(
        'gates:\n',
        'gates:\n  lax: [ { dataset: bench, metric: top1, at-least: 1% }, { dataset: own, metric: top1, at-least: 1% } ]\n',
      )
      .replace('datasets:\n', 'datasets:\n  own: { manifest: datasets/own.yaml, bad-samples: { leave-out: 90% } }\n')
      .replace('margin: 20%, at-least: 50%', 'margin: 90%, at-least: 1%'),
  });
  world.commit('Bring the same model under another name');
  const repository = gitModelRepository(await openRepository(world.model, { environment: process.env }), tmpdir());
  const { config, notes } = await gatherChange(repository, { base: 'main', head: 'change' });
  expect(config.models.map(({ name, gates }) => `${name}: ${gates.length}`)).toEqual(['tiny: 3', 'lax: 2']);
  // What may be left out of it is not the head's to say.
  expect(config.datasets['own']).toEqual({ manifest: 'datasets/own.yaml', source: null });
  expect(config.models[0]?.gates[0]).toMatchObject({ margin: 0.2 });
  expect(notes).toEqual([
    "fieldproof.yaml differs in head; gates, budgets and datasets are the base's. The change takes effect once merged.",
    "The base does not know lax: the head's own gates and datasets judge it. Read them before you merge.",
  ]);
});

import { describe, expect, it } from 'vitest';
import { memoryModels } from '../../../testing/fakes/memory-models.ts';
import { memoryConfig } from '../../../testing/worlds/memory-check.ts';
import { bench, openSmall, street } from '../../../testing/worlds/small-datasets.ts';
import { readConfig } from '../../../config/config.ts';
import { opened, openDatasets, placeOfDataset } from './open-datasets.ts';

const manifests = { 'datasets/bench.yaml': 'of the base', 'datasets/street.yaml': 'of the base' };

/** What was loaded, and what its manifest said. */
async function open({ base, config = memoryConfig() }: { base: Readonly<Record<string, string>>; config?: string }) {
  const parsed = readConfig(config);
  const head = {
    'datasets/bench.yaml': 'of the head',
    'datasets/street.yaml': 'of the head',
    'datasets/new.sha256': 'of the head',
  };
  const repository = memoryModels({ base: { files: base }, head: { files: head } });
  const loaded: Record<string, string | undefined> = {};
  const models = parsed.models.map((model) => ({ model }));
  const datasets = await openDatasets({ policy: 'base', head: 'head', config: parsed, models }, repository, {
    load: async ({ name, path, readFile }) => {
      loaded[name] = await readFile(path);
      loaded[`pins of ${name}`] = await readFile('datasets/new.sha256');
      return openSmall(name === 'bench' ? bench : street);
    },
  });
  return { datasets, loaded };
}

async function place(source: string | undefined, inBase: boolean) {
  const said = source === undefined ? '' : `, source: ${source}`;
  const config = readConfig(memoryConfig().replace('datasets/bench.yaml }', `datasets/bench.yaml${said} }`));
  const repository = memoryModels({ base: { files: inBase ? manifests : {} }, head: { files: manifests } });
  return await placeOfDataset('bench', { policy: 'base', head: 'head', config }, repository);
}

describe('the datasets of a check', () => {
  it('are those that gates name, each once', async () => {
    const { datasets } = await open({
      base: manifests,
      config: memoryConfig().replace('  street:', '  unused: { manifest: datasets/unused.yaml }\n  street:'),
    });
    expect([...datasets.keys()]).toEqual(['bench', 'street']);
  });

  it('are read from the base, and what the base lacks is never taken from the head', async () => {
    const { loaded } = await open({ base: manifests });
    expect(loaded).toEqual({
      bench: 'of the base',
      street: 'of the base',
      'pins of bench': undefined,
      'pins of street': undefined,
    });
  });

  it('are read from the head as a whole where the base has no such manifest', async () => {
    const { loaded } = await open({ base: { 'datasets/street.yaml': 'of the base' } });
    expect(loaded).toEqual({
      bench: 'of the head',
      street: 'of the base',
      'pins of bench': 'of the head',
      'pins of street': undefined,
    });
  });

  it('have the metrics of their task, and no others', async () => {
    const config = memoryConfig().replace('dataset: bench, metric: top1', 'dataset: street, metric: top1');
    await expect(open({ base: manifests, config })).rejects.toThrow(/top1 can't be measured on street, which asks for events/);
  });

  it.each([
    ['on disk, where nothing is said', undefined, true, { kind: 'disk' }],
    [
      'what was fetched, from where policy says',
      '{ s3: { bucket: ours, prefix: bench } }',
      true,
      { kind: 'cache', place: 's3://ours/bench/' },
    ],
    ['the commit of policy, where policy says so', '{ lfs: true }', true, { kind: 'commit', by: 'policy' }],
    ['the commit of head, where head alone has the manifest', undefined, false, { kind: 'commit', by: 'head' }],
    ['the commit of head, Git LFS included', '{ lfs: true }', false, { kind: 'commit', by: 'head' }],
  ] as const)('are read from %s', async (_, source, inBase, expected) => {
    expect((await place(source, inBase)).data).toMatchObject(expected);
  });

  it('are not fetched by pins of head, from where the base has others', async () => {
    await expect(place('{ s3: { bucket: ours } }', false)).rejects.toThrow(
      /datasets\.bench\.source\): names a place outside the commit/,
    );
  });

  it('are there once they were planned', async () => {
    const { datasets } = await open({ base: manifests });
    expect(opened(datasets, 'bench').dataset).toBe(bench);
    expect(() => opened(datasets, 'other')).toThrow(/dataset other was planned but not opened/);
  });
});

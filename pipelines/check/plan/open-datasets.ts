import { CouldNotRun } from '#kernel';
import { placeOf } from '#config';
import type { DataPlace, OpenDataset, SampleSource } from '#datasets';
import { metricOn } from '#tasks';
import type { ModelRepository } from '#git';
import type { Change } from './gather-change.ts';
import { sourceOfHead } from './refuse-sources.ts';

/** Each dataset that a gate names, by its name. */
export type Datasets = ReadonlyMap<string, OpenDataset>;

/**
 * Opens each dataset that a gate names. Manifests and pins come from the policy commit; pixels from the disk.
 * @throws CouldNotRun when a gate's metric is none of its dataset's task
 */
export async function openDatasets(change: Opening, repository: Reading, samples: SampleSource): Promise<Datasets> {
  const gates = change.models.flatMap(({ model }) => model.gates.flatMap((gate) => (gate.kind === 'quality' ? [gate] : [])));
  const datasets = new Map<string, OpenDataset>();
  for (const name of new Set(gates.map(({ dataset }) => dataset))) {
    const { badSamples } = change.config.datasets[name] ?? {};
    const { commit, path, data } = await placeOfDataset(name, change, repository);
    const ref = { name, path, readFile: (file: string) => repository.readFile(commit, file), data };
    const open = await samples.load(badSamples === undefined ? ref : { ...ref, leaveOut: badSamples.atMost });
    datasets.set(name, open);
  }
  for (const { dataset, metric } of gates) metricOn(opened(datasets, dataset).dataset, metric);
  return datasets;
}

type Reading = Pick<ModelRepository, 'readFile' | 'workingTree' | 'extract'>;
type Opening = Pick<Change, 'policy' | 'head'> & {
  config: Pick<Change['config'], 'datasets'>;
  models: readonly Pick<Change['models'][number], 'model'>[];
};

/** Where a dataset is read: its manifest, at a commit, and its data. */
export type DatasetPlace = { commit: string; path: string; data: DataPlace };

/**
 * The base, for a dataset whose manifest it has: then a list or pins that the base lacks are missing, and never the head's.
 * A dataset that only a new model brings is read from head as a whole, its data too: what a pull request writes names nothing
 * but what it brings.
 * @throws CouldNotRun where policy says where the data lie, and head alone which of them are asked for
 */
export async function placeOfDataset(
  name: string,
  { config, policy, head }: Omit<Opening, 'models'>,
  repository: Reading,
): Promise<DatasetPlace> {
  const { manifest: path, source } = config.datasets[name] ?? { manifest: '', source: null };
  const isPolicy = policy === head || (await repository.readFile(policy, path)) !== undefined;
  const inCommit = (commit: string, by: 'policy' | 'head'): DatasetPlace => ({
    commit,
    path,
    data: { kind: 'commit', by, extract: (folder) => repository.extract(commit, folder) },
  });
  if (source?.kind === 'commit') return isPolicy ? inCommit(policy, 'policy') : inCommit(head, 'head');
  if (isPolicy) {
    const { workingTree } = repository;
    return {
      commit: policy,
      path,
      data: source === null ? { kind: 'disk', workingTree } : { kind: 'cache', place: placeOf(source) },
    };
  }
  if (source !== null) throw new CouldNotRun(sourceOfHead(name));
  return inCommit(head, 'head');
}

export function opened(datasets: Datasets, name: string): OpenDataset {
  const found = datasets.get(name);
  if (found === undefined) throw new Error(`dataset ${name} was planned but not opened`);
  return found;
}

import type { DataPlace, OpenDataset, SampleSource } from '#datasets';
import { metricOn } from '#tasks';
import type { ModelRepository } from '#git';
import type { Change } from './gather-change.ts';

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
    const { manifest: path = '', badSamples } = change.config.datasets[name] ?? {};
    const { commit, data } = await sourceOf(path, change, repository);
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

/**
 * The base, for a dataset whose manifest it has: then a list or pins that the base lacks are missing, and never the head's.
 * A dataset that only a new model brings is read from head as a whole, its data too: what a pull request writes names nothing
 * but what it brings.
 */
async function sourceOf(
  manifest: string,
  { policy, head }: Opening,
  repository: Reading,
): Promise<{ commit: string; data: DataPlace }> {
  const isPolicy = policy === head || (await repository.readFile(policy, manifest)) !== undefined;
  if (isPolicy) return { commit: policy, data: { kind: 'disk', workingTree: repository.workingTree } };
  return { commit: head, data: { kind: 'commit', extract: (folder) => repository.extract(head, folder) } };
}

export function opened(datasets: Datasets, name: string): OpenDataset {
  const found = datasets.get(name);
  if (found === undefined) throw new Error(`dataset ${name} was planned but not opened`);
  return found;
}

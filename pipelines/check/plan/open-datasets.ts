import type { OpenDataset, SampleSource } from '#datasets';
import { metricOn } from '#tasks';
import type { ModelRepository } from '#git';
import type { Change } from './gather-change.ts';

/** Each dataset that a gate names, by its name. */
export type Datasets = ReadonlyMap<string, OpenDataset>;

/**
 * Opens each dataset that a gate names. Manifests and pins come from the policy commit; pixels from the disk.
 * @throws CouldNotRun when a gate's metric is none of its dataset's task
 */
export async function openDatasets(
  change: Opening,
  repository: Pick<ModelRepository, 'readFile' | 'workingTree'>,
  samples: SampleSource,
): Promise<Datasets> {
  const gates = change.models.flatMap(({ model }) => model.gates.flatMap((gate) => (gate.kind === 'quality' ? [gate] : [])));
  const datasets = new Map<string, OpenDataset>();
  for (const name of new Set(gates.map(({ dataset }) => dataset))) {
    const path = change.config.datasets[name]?.manifest ?? '';
    const commit = await commitOf(path, change, repository);
    const open = await samples.load({
      name,
      path,
      readFile: (file) => repository.readFile(commit, file),
      workingTree: repository.workingTree,
    });
    datasets.set(name, open);
  }
  for (const { dataset, metric } of gates) metricOn(opened(datasets, dataset).dataset, metric);
  return datasets;
}

type Opening = Pick<Change, 'policy' | 'head' | 'models'> & { config: Pick<Change['config'], 'datasets'> };

/**
 * The base, for a dataset whose manifest it has: then a list or pins that the base lacks are missing, and never the head's.
 * A dataset that only a new model brings is read from head as a whole.
 */
async function commitOf(
  manifest: string,
  { policy, head }: Opening,
  repository: Pick<ModelRepository, 'readFile'>,
): Promise<string> {
  return (await repository.readFile(policy, manifest)) === undefined ? head : policy;
}

export function opened(datasets: Datasets, name: string): OpenDataset {
  const found = datasets.get(name);
  if (found === undefined) throw new Error(`dataset ${name} was planned but not opened`);
  return found;
}

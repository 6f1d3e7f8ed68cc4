import type { DataPlace, OpenDataset, ReplayDataset, ResearchDataset, SampleSource } from '#datasets';
import type { ModelRepository } from '#git';
import type { Change } from './gather-change.ts';

export type OpenResearch = { open: OpenDataset; dataset: ResearchDataset };
export type OpenReplay = { open: OpenDataset; dataset: ReplayDataset };

export type Datasets = {
  research: ReadonlyMap<string, OpenResearch>;
  replay: ReadonlyMap<string, OpenReplay>;
};

/** Opens each dataset that a gate names. Manifests and pins come from the policy commit; pixels from the disk. */
export async function openDatasets(change: Change, repository: ModelRepository, samples: SampleSource): Promise<Datasets> {
  const named = change.models.flatMap(({ model }) =>
    model.gates.flatMap((gate) => (gate.kind === 'quality' ? [gate.dataset] : [])),
  );
  const research = new Map<string, OpenResearch>();
  const replay = new Map<string, OpenReplay>();
  for (const name of new Set(named)) {
    const path = change.config.datasets[name]?.manifest ?? '';
    const { commit, data } = await sourceOf(path, change, repository);
    const open = await samples.load({ name, path, readFile: (file) => repository.readFile(commit, file), data });
    if (open.dataset.kind === 'research') research.set(name, { open, dataset: open.dataset });
    else replay.set(name, { open, dataset: open.dataset });
  }
  return { research, replay };
}

/**
 * The base, for a dataset whose manifest it has: then a list or pins that the base lacks are missing, and never the head's.
 * A dataset that only a new model brings is read from head as a whole, its data too: what a pull request writes names nothing
 * but what it brings.
 */
async function sourceOf(
  manifest: string,
  { policy, head }: Change,
  repository: ModelRepository,
): Promise<{ commit: string; data: DataPlace }> {
  const isPolicy = policy === head || (await repository.readFile(policy, manifest)) !== undefined;
  if (isPolicy) return { commit: policy, data: { kind: 'disk', workingTree: repository.workingTree } };
  return { commit: head, data: { kind: 'commit', extract: (folder) => repository.extract(head, folder) } };
}

export function opened<T>(datasets: ReadonlyMap<string, T>, name: string): T {
  const found = datasets.get(name);
  if (found === undefined) throw new Error(`dataset ${name} was planned but not opened`);
  return found;
}

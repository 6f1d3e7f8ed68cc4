import { configFile, type FetchedSource } from '#config';
import { pinnedData, type PinnedData } from '#datasets';
import type { LargeFile, ModelRepository } from '#git';
import { platformsOf } from '#pipelines/releases';
import { gatherChange, type Change } from './gather-change.ts';
import { listBaseImages } from './list-base-images.ts';
import { placeOfDataset } from './open-datasets.ts';

/** What a check of two commits reads, and Git does not hold. */
export type Needed = {
  /** Objects of Git LFS. */
  large: readonly LargeFile[];
  datasets: readonly NeededDataset[];
  baseImages: readonly BaseImage[];
};

/** `readFile`: of the commit that the dataset is read from. */
export type NeededDataset = {
  name: string;
  source: FetchedSource;
  files: PinnedData['files'];
  readFile: (path: string) => Promise<string | undefined>;
};

/** `reference`: with its digest. `platform`: of the images that are built on it. */
export type BaseImage = { reference: string; platform: string };

/** How many changes of a model's folder before the base's a deployed release is looked for in. */
const BEFORE = 3;

type Refs = { base: string; head: string };

/**
 * Of models, what the head, the base, and a little before it build from, for what is deployed may be older than the base; of datasets,
 * every file that is pinned where policy reads them. Where from is said by the base alone.
 * @param datasets false: what judges nothing needs none of them
 */
export async function listNeeded(repository: ModelRepository, refs: Refs, datasets: boolean): Promise<Needed> {
  const needed = { large: [] as LargeFile[], datasets: [] as NeededDataset[], baseImages: [] as BaseImage[] };
  // A base without a configuration judges nothing.
  if ((await repository.readFile(await repository.resolve(refs.base), configFile)) === undefined) return needed;
  const change = await gatherChange(repository, refs);
  const platforms = platformsOf(change.config);
  for (const { model } of change.models) {
    const commits = new Set([change.head, change.base, ...(await repository.history(change.base, model.build, BEFORE))]);
    for (const commit of commits) needed.large.push(...(await repository.largeFiles(commit, model.build)));
    const references = await listBaseImages(repository, model.build, {
      commits: [...commits],
      allowed: change.config.baseImages,
    });
    needed.baseImages.push(...references.flatMap((reference) => platforms.map((platform) => ({ reference, platform }))));
  }
  for (const name of datasets ? gatedBy(change) : []) {
    const { large, fetched } = await listData(name, change, repository);
    needed.large.push(...large);
    needed.datasets.push(...fetched);
  }
  return needed;
}

function gatedBy({ models }: Change): ReadonlySet<string> {
  const gates = models.flatMap(({ model }) => model.gates);
  return new Set(gates.flatMap((gate) => (gate.kind === 'quality' ? [gate.dataset] : [])));
}

async function listData(
  name: string,
  change: Change,
  repository: ModelRepository,
): Promise<{ large: readonly LargeFile[]; fetched: readonly NeededDataset[] }> {
  const { commit, path, data } = await placeOfDataset(name, change, repository);
  const readFile = (file: string) => repository.readFile(commit, file);
  const pinned = data.kind === 'disk' ? null : await pinnedData(path, readFile);
  // Whoever opens it says what is wrong with it.
  if (pinned === null) return { large: [], fetched: [] };
  const source = change.config.datasets[name]?.source ?? null;
  if (data.kind === 'cache' && source !== null && source.kind !== 'commit')
    return { large: [], fetched: [{ name, source, files: pinned.files, readFile }] };
  const inCommit = !pinned.root.split('/').includes('..');
  return { large: inCommit ? await repository.largeFiles(commit, pinned.root) : [], fetched: [] };
}

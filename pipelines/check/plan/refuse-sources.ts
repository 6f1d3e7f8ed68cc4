import { CouldNotRun } from '#kernel';
import { configFile, type Config, type ModelConfig } from '#config';

/**
 * What is fetched is asked for with our rights, so only the base's own words say where: an address of head's could be one that only
 * we reach, or another bucket of ours. What lies in head's own commit is no such place.
 * @param added the models that only head knows
 * @throws CouldNotRun naming each dataset of theirs that says where it lies
 */
export function refuseSources(policy: Config, proposed: Config | null, added: readonly ModelConfig[]): void {
  const gated = added.flatMap(({ gates }) => gates.flatMap((gate) => (gate.kind === 'quality' ? [gate.dataset] : [])));
  const brought = [...new Set(gated)].filter((name) => !Object.hasOwn(policy.datasets, name));
  const placed = brought.filter((name) => {
    const source = proposed?.datasets[name]?.source ?? null;
    return source !== null && source.kind !== 'commit';
  });
  if (placed.length > 0) throw new CouldNotRun(placed.map((name) => sourceOfHead(name)));
}

export function sourceOfHead(dataset: string) {
  return {
    file: configFile,
    field: `datasets.${dataset}.source`,
    message: 'names a place outside the commit, which a pull request may not',
    remedy: 'put the data into the commit, by Git LFS too; or let a pull request that brings the dataset alone be merged first',
  };
}

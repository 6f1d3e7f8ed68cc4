import { posix } from 'node:path';
import { onlyStage } from '#kernel';
import { configFile } from '#config';
import type { ModelRepository } from '#git';
import type { DeployedState } from './deployed-state.ts';
import { gatherChange, type ModelChange } from './gather-change.ts';

/**
 * Images by digest that a change of models with a Dockerfile is compared with: what is deployed, the last release that was better beyond
 * doubt, and what policy pins. Building them again would give others. Of models that the base knows alone, for a registry is asked with
 * our rights.
 */
export async function listDeployedImages(
  repository: ModelRepository,
  refs: { base: string; head: string },
  states: readonly DeployedState[],
): Promise<readonly string[]> {
  // Without a configuration of the base nobody but the head has said what there is.
  if ((await repository.readFile(await repository.resolve(refs.base), configFile)) === undefined) return [];
  const { base, models } = await gatherChange(repository, refs);
  const found = new Set<string>();
  for (const change of models.filter(({ writtenBy }) => writtenBy === 'policy')) {
    const { build, image, name } = change.model;
    if ((await repository.readFile(base, posix.join(build, 'Dockerfile'))) === undefined) continue;
    const state = states.find(({ model }) => model === name);
    for (const digest of comparedWith(change, state)) found.add(`${image}@${digest}`);
  }
  return [...found];
}

function comparedWith({ model: { anchor } }: ModelChange, state: DeployedState | undefined): readonly string[] {
  const releases = [...(state?.deployed ?? []).map(({ release }) => release), state?.superior ?? []].flat();
  return [...releases.map((release) => onlyStage(release).model), ...(anchor === null ? [] : [anchor])];
}

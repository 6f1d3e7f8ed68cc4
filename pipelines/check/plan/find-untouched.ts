import { posix } from 'node:path';
import { digestOfJson } from '#kernel';
import { configFile, readConfig, type Config } from '#config';
import { filesOfManifest } from '#datasets';
import type { ModelRepository } from '#git';
import { chipsetKeysFile } from '../speed/chipset-keys.ts';

/** A change in which nothing differs that a check judges. `since`: the commit that it was begun from. */
export type Untouched = { base: string; head: string; since: string };

/** A workflow says which Fieldproof runs, and with it which runtime: another one is another release. */
const WORKFLOWS = '.github';

/**
 * The change, where it touches no model, no dataset and nothing of the configuration that judges; else null, and it has to be
 * judged. What differs is looked for since the two parted: what the base has gained meanwhile is no change of the head's. Names
 * of places come from the base alone, and whatever cannot be read or has no common past is for the judge to look at.
 */
export async function findUntouched(
  repository: ModelRepository,
  refs: { base: string; head: string },
): Promise<Untouched | null> {
  const [base, head] = await Promise.all([repository.resolve(refs.base), repository.resolve(refs.head)]);
  const since = base === head ? null : await repository.mergeBase(base, head);
  const config = since === null ? null : await readableConfig(repository, base);
  if (since === null || config === null) return null;
  const [before, after] = await Promise.all([readableConfig(repository, since), readableConfig(repository, head)]);
  if (before === null || after === null || judging(before) !== judging(after)) return null;
  const places = await placesOf(config, repository, base);
  const same = await Promise.all(
    places.map(async (place) => (await repository.treeOf(since, place)) === (await repository.treeOf(head, place))),
  );
  return same.every(Boolean) ? { base, head, since } : null;
}

async function readableConfig(repository: ModelRepository, commit: string): Promise<Config | null> {
  const text = await repository.readFile(commit, configFile);
  if (text === undefined) return null;
  try {
    return readConfig(text);
  } catch {
    return null;
  }
}

/** All of it but how verdicts are published, and when the field is looked at. */
function judging({ github: _github, replays: _replays, ...config }: Config): string {
  return digestOfJson(config);
}

/** Where a difference would change what is judged, or by what, below the repository's root. */
async function placesOf({ models, datasets }: Config, repository: ModelRepository, base: string): Promise<string[]> {
  const manifests = Object.values(datasets).map(({ manifest }) => manifest);
  const named = await Promise.all(
    manifests.map(async (manifest) => {
      const text = await repository.readFile(base, manifest);
      return text === undefined ? [] : filesOfManifest(text, manifest);
    }),
  );
  const places = [WORKFLOWS, chipsetKeysFile, ...models.map(({ build }) => build), ...manifests, ...named.flat()];
  return [...new Set(places.map((place) => posix.normalize(place)))].filter((place) => !/^(\.\.|\/)/.test(place));
}

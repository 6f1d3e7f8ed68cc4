import { configFile } from '#config';
import type { LargeFile, ModelRepository } from '#git';
import { gatherChange } from './gather-change.ts';

/** How many changes of a model's folder before the base's a deployed release is looked for in. */
const BEFORE = 3;

/**
 * The files of Git LFS that a check of these two commits builds models from: of the head, of the base, and of what was there a little
 * before, for what is deployed may be older than the base.
 */
export async function listLargeFiles(
  repository: ModelRepository,
  refs: { base: string; head: string },
): Promise<readonly LargeFile[]> {
  // A base without a configuration judges nothing.
  if ((await repository.readFile(await repository.resolve(refs.base), configFile)) === undefined) return [];
  const { base, head, models } = await gatherChange(repository, refs);
  const found: LargeFile[] = [];
  for (const { model } of models) {
    const before = await repository.history(base, model.build, BEFORE);
    for (const commit of new Set([head, base, ...before])) found.push(...(await repository.largeFiles(commit, model.build)));
  }
  return found;
}

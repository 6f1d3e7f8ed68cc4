import { parseTrailers } from './commit-message.ts';
import type { FleetSnapshot } from '../fleet-repository.ts';
import { concernsModel } from '../names.ts';
import type { WrittenFile } from './revert.ts';

/** A commit that deployed a release, and the paths that it wrote for it; null: all that it changed. */
export type Written = { commit: string; paths: readonly string[] | null };

/**
 * The files that a release wrote, as they were before it, and as they are at the branch's tip. What other models need too,
 * such as a site's source, is not removed: they may stand on it by now. `whose`: a model, or which paths are the release's own. Undefined when a commit is not in the tip's history.
 */
export async function writtenFiles(
  whose: string | ((path: string) => boolean),
  writes: readonly Written[],
  tip: FleetSnapshot,
  at: (commit: string) => Promise<FleetSnapshot | undefined>,
): Promise<WrittenFile[] | undefined> {
  const concerns = typeof whose === 'string' ? (path: string) => concernsModel(path, whose) : whose;
  const files: WrittenFile[] = [];
  for (const { commit, paths } of writes) {
    const [since, written] = [await tip.changedSince(commit), await at(commit)];
    if (since === undefined || written === undefined) return undefined;
    const before = written.parent === null ? undefined : await at(written.parent);
    if (written.parent !== null && before === undefined) return undefined;
    const changed = before?.commit ? ((await written.changedSince(before.commit)) ?? []) : await written.list('');
    for (const path of changed.filter((candidate) => paths?.includes(candidate) ?? true)) {
      const was = (await before?.read(path)) ?? null;
      if (was === null && !concerns(path)) continue;
      const changedBy = since.includes(path) ? await lastTrailers(path, tip, at) : null;
      files.push({ path, before: was, now: (await tip.read(path)) ?? null, changedBy });
    }
  }
  return files;
}

async function lastTrailers(path: string, tip: FleetSnapshot, at: (commit: string) => Promise<FleetSnapshot | undefined>) {
  const commit = await tip.lastChange([path]);
  return parseTrailers((commit === undefined ? undefined : await at(commit))?.message ?? '');
}

import { onlyStage, renamedIn } from '#kernel';
import type { PlannedModel } from './plan-model-change.ts';
import type { ResolvedRelease } from '#pipelines/releases';

/**
 * A runner knows a model by the folder in which its image was unpacked; the user knows it by the folder in the repository,
 * and at another commit as Git writes it: `<commit>:<path>`.
 */
export function nameAsWritten(thrown: unknown, { plan, candidate, references }: PlannedModel): unknown {
  const { build } = plan.model;
  return renamedIn(thrown, [
    ...nameOf(candidate, build),
    ...references.flatMap(({ resolved }) => nameOf(resolved, `${originOf(resolved)}:${build}`)),
  ]);
}

function nameOf({ servable }: ResolvedRelease, to: string): { from: string; to: string }[] {
  return servable.kind === 'model' ? [{ from: servable.folder, to }] : [];
}

function originOf({ commit, release }: ResolvedRelease): string {
  return commit === null ? onlyStage(release).model.slice(0, 19) : commit.slice(0, 12);
}

import { CouldNotRun, onlyStage } from '#kernel';
import type { PlannedModel } from './plan-model-change.ts';
import type { ResolvedRelease } from '#pipelines/releases';

/**
 * A runner knows a model by the folder in which its image was unpacked; the user knows it by the folder in the repository,
 * and at another commit as Git writes it: `<commit>:<path>`.
 */
export function nameAsWritten(thrown: unknown, { plan, candidate, references }: PlannedModel): unknown {
  if (!(thrown instanceof CouldNotRun)) return thrown;
  const { build } = plan.model;
  const names = [
    { folder: folderOf(candidate), name: build },
    ...references.map(({ resolved }) => ({ folder: folderOf(resolved), name: `${originOf(resolved)}:${build}` })),
  ].filter(({ folder }) => folder !== null);
  const rename = (text: string) => names.reduce((renamed, { folder, name }) => renamed.replaceAll(folder ?? '', name), text);
  const problems = thrown.problems.map(({ file, message, ...problem }) => ({
    ...problem,
    file: rename(file),
    message: rename(message),
  }));
  return new CouldNotRun(problems, { cause: thrown.cause });
}

function folderOf({ servable }: ResolvedRelease): string | null {
  return servable.kind === 'model' ? servable.folder : null;
}

function originOf({ commit, release }: ResolvedRelease): string {
  return commit === null ? onlyStage(release).model.slice(0, 19) : commit.slice(0, 12);
}

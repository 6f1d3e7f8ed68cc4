import { CouldNotRun } from '#kernel';
import type { Dataset } from '#datasets';
import { classMapping, taskOf } from '#tasks';
import type { Scored } from './gather-trials.ts';

/** How many answers were not asked for anew, and what the tasks have to say of theirs. */
export function countNotes(scored: readonly Scored[]): string[] {
  const sets = new Set(scored.flatMap(({ candidate, reference }) => (reference === null ? [candidate] : [candidate, reference])));
  const reused = [...sets].reduce((sum, set) => sum + set.reused, 0);
  const ofTasks = new Set(scored.flatMap(({ open, candidate }) => taskOf(open.dataset).notes(candidate.trials, open.dataset)));
  return [
    ...(reused > 0 ? [`${reused} trials were scored before (same model, runtime, dataset and task version) and reused.`] : []),
    ...classNotes(scored),
    ...new Set(scored.flatMap(({ candidate }) => candidate.manner ?? [])),
    ...ofTasks,
  ];
}

/** How the candidate's classes were found among those of each dataset, where that is not plain. */
function classNotes(scored: readonly Scored[]): ReadonlySet<string> {
  return new Set(scored.flatMap(({ open, candidate }) => mappingNote(open.dataset, candidate.labels) ?? []));
}

/** Labels that fit no class were refused where the model was asked; of a part that says otherwise there is nothing to note. */
function mappingNote(dataset: Dataset, labels: readonly string[] | null): string | null {
  try {
    return classMapping(labels, dataset, 'candidate').note;
  } catch (thrown) {
    if (thrown instanceof CouldNotRun) return null;
    throw thrown;
  }
}

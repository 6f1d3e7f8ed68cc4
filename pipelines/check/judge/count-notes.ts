import { taskOf } from '#tasks';
import type { Scored } from './gather-trials.ts';

/** How many answers were not asked for anew, and what the tasks have to say of theirs. */
export function countNotes(scored: readonly Scored[]): string[] {
  const sets = new Set(scored.flatMap(({ candidate, reference }) => (reference === null ? [candidate] : [candidate, reference])));
  const reused = [...sets].reduce((sum, set) => sum + set.reused, 0);
  const ofTasks = new Set(scored.flatMap(({ open, candidate }) => taskOf(open.dataset).notes(candidate.trials)));
  return [
    ...(reused > 0 ? [`${reused} trials were scored before (same model, runtime, dataset and task version) and reused.`] : []),
    ...ofTasks,
  ];
}

import type { Dataset } from '#datasets';
import { taskOf, type Exhibit, type Trial } from '#tasks';

const LOST = 8;
const GAINED = 4;
const APART = 4;

/** Of all that the change lost and won on a dataset, the clearest, what was lost first; then others on which the two disagree most. */
export function chooseExhibits(dataset: Dataset, candidate: readonly Trial[], reference: readonly Trial[]): Exhibit[] {
  const task = taskOf(dataset);
  const before = new Map(reference.map((trial) => [trial.id, trial]));
  const both = candidate.flatMap((after) => {
    const earlier = before.get(after.id);
    return earlier === undefined ? [] : [{ candidate: after, reference: earlier }];
  });
  const changed = clearest(both.flatMap((trials) => task.exhibits(trials, dataset)));
  const shown = [
    ...changed.filter(({ change }) => change === 'lost').slice(0, LOST),
    ...changed.filter(({ change }) => change === 'gained').slice(0, GAINED),
  ];
  const met = new Set(shown.map(({ id }) => id));
  const apart = both.filter((trials) => !met.has(trials.candidate.id));
  return [...shown, ...clearest(apart.flatMap((trials) => task.disagreements?.(trials, dataset) ?? [])).slice(0, APART)];
}

function clearest(exhibits: readonly Exhibit[]): Exhibit[] {
  return exhibits.toSorted((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1));
}

import type { Dataset } from '#datasets';
import { taskOf, type Exhibit, type Trial } from '#tasks';

const LOST = 8;
const GAINED = 4;

/** Of all that the change lost and won on a dataset, the clearest: what was lost first. */
export function chooseExhibits(dataset: Dataset, candidate: readonly Trial[], reference: readonly Trial[]): Exhibit[] {
  const task = taskOf(dataset);
  const before = new Map(reference.map((trial) => [trial.id, trial]));
  const all = candidate.flatMap((after) => {
    const earlier = before.get(after.id);
    return earlier === undefined ? [] : task.exhibits({ candidate: after, reference: earlier }, dataset);
  });
  const clearest = all.toSorted((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1));
  return [
    ...clearest.filter(({ change }) => change === 'lost').slice(0, LOST),
    ...clearest.filter(({ change }) => change === 'gained').slice(0, GAINED),
  ];
}

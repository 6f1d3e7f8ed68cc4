import type { ClassificationDataset } from '#datasets';
import type { TrialsOfClass } from '../task.ts';
import type { RankedTrial } from './trial.ts';

/** Pictures of each class by themselves. */
export function rankingsByClass(
  trials: readonly RankedTrial[],
  { classes }: Pick<ClassificationDataset, 'classes'>,
): TrialsOfClass<RankedTrial>[] {
  const own = Map.groupBy(trials, ({ truth }) => truth);
  return [...own].map(([truth, some]) => ({ value: classes[truth] ?? String(truth), trials: some }));
}

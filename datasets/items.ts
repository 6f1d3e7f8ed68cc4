import type { Clip, Dataset, Sample } from './dataset.ts';

/** The samples or clips of a dataset, in its order. */
export function itemsOf(dataset: Dataset): readonly (Sample | Clip)[] {
  return dataset.medium === 'pictures' ? dataset.samples : dataset.clips;
}

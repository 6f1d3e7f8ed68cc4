import type { Clip, Dataset, PictureDataset } from './dataset.ts';

/** The samples or clips of a dataset, in its order. */
export function itemsOf(dataset: Dataset): readonly (PictureDataset['samples'][number] | Clip)[] {
  return dataset.medium === 'pictures' ? dataset.samples : dataset.clips;
}

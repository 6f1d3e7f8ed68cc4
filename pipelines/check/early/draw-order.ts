import { itemsOf, type Dataset } from '#datasets';
import { random, shuffled } from '#eval';

/** In which order the samples of a dataset are asked where a check may end early: drawn by the seed, before anything is known. */
export function drawOrder(dataset: Dataset, seed: number): string[] {
  // Two datasets of one check are not drawn alike, and a dataset is drawn alike wherever it is asked.
  const own = Number.parseInt(dataset.digest.slice(-8), 16);
  return shuffled(
    itemsOf(dataset).map(({ id }) => id),
    random(seed * 2 ** 32 + own),
  );
}

/** Shares of a dataset after which it is looked at; beyond the last, what is left is asked to the end. */
const LOOKS = [0.03, 0.06, 0.09, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6];
/** Fewer at a time would keep a server waiting between them. */
const FEWEST = 16;

/** After how many samples to look, ascending; none for a dataset that is soon asked. */
export function looksAt(count: number): number[] {
  const looks = LOOKS.map((share) => Math.ceil(share * count)).filter((at) => at >= FEWEST && at < count);
  return [...new Set(looks)];
}

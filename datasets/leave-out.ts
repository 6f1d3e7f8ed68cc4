import { digestOfJson } from '#kernel';
import type { Dataset, Sample } from './dataset.ts';
import { itemsOf } from './items.ts';

/** A sample or clip that cannot be decoded, and why. */
export type BadItem = { id: string; reason: string };

/**
 * A dataset without some of its samples or clips, and without the pairs and queries that need them. Its digest is another: an answer
 * to the one is none to the other, so that all machines and both models leave out the same or are not compared.
 */
export function withoutItems<D extends Dataset>(dataset: D, bad: readonly BadItem[]): D {
  if (bad.length === 0) return dataset;
  const out = new Set(bad.map(({ id }) => id));
  const digest = digestOfJson({ dataset: dataset.digest, leftOut: [...out].toSorted() });
  return { ...dataset, ...remaining(dataset, (id) => !out.has(id)), digest };
}

function remaining(dataset: Dataset, isKept: (id: string) => boolean): object {
  if (dataset.medium === 'clips') return { clips: dataset.clips.filter(({ id }) => isKept(id)) };
  const samples = (dataset.samples as readonly Sample[]).filter(({ id }) => isKept(id));
  if (dataset.task === 'verification') return { samples, pairs: dataset.pairs.filter(({ a, b }) => isKept(a) && isKept(b)) };
  if (dataset.task === 'search')
    return { samples, queries: dataset.queries.filter((id) => isKept(id)), gallery: dataset.gallery.filter((id) => isKept(id)) };
  return { samples };
}

/** Whether policy lets so many be left out: at most a share of all, and never all. */
export function mayLeaveOut(dataset: Dataset, bad: readonly BadItem[], share: number): boolean {
  const all = itemsOf(dataset).length;
  return bad.length < all && bad.length <= share * all;
}

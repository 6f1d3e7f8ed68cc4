import type { Exhibit } from '../exhibit.ts';
import type { QueryTrial } from './trial.ts';

/** So many results stand beside the query. */
const BESIDE = 4;

/** A query that is answered better or worse, beside what is found for it now. */
export function queryExhibits({
  candidate: after,
  reference: before,
}: {
  candidate: QueryTrial;
  reference: QueryTrial;
}): Exhibit[] {
  const change = after.averagePrecision - before.averagePrecision;
  if (change === 0 && after.found === before.found) return [];
  const isLost = change < 0 || (change === 0 && !after.found);
  return [
    {
      change: isLost ? 'lost' : 'gained',
      id: after.id,
      beside: after.results.slice(0, BESIDE).map(({ id }) => id),
      at: null,
      caption: `${described(after)}; was ${described(before)}`,
      slices: after.slices,
      weight: Math.abs(change),
    },
  ];
}

/** A query whose first result is not certain to be right. */
export function queryMisses(trial: QueryTrial): Exhibit[] {
  const { id, relevant, first, results, slices } = trial;
  if (relevant === 0 || first === 1) return [];
  const beside = results.slice(0, BESIDE).map((result) => result.id);
  return [{ change: 'lost', id, beside, at: null, caption: described(trial), slices, weight: 1 - trial.averagePrecision }];
}

function described({ found, first, relevant, results }: QueryTrial): string {
  if (!found) return 'nothing found to look for';
  if (first === null) return `none of ${relevant} found`;
  const marks = results.slice(0, BESIDE).map(({ isRelevant }) => (isRelevant ? 'right' : 'wrong'));
  return `first right one at rank ${first} (${marks.join(', ')})`;
}

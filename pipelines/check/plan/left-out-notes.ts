import { itemsOf } from '#datasets';
import type { Datasets } from './open-datasets.ts';

/** So many are named; a note is to be read. */
const NAMED = 10;

/** What no model was asked about, since it cannot be decoded: how many of each dataset, which, and why. */
export function leftOutNotes(datasets: Datasets): readonly string[] {
  return [...datasets].flatMap(([name, { dataset, leftOut = [] }]) => {
    if (leftOut.length === 0) return [];
    const all = itemsOf(dataset).length + leftOut.length;
    const named = leftOut.slice(0, NAMED).map(({ id, reason }) => `${id} (${reason})`);
    const others = leftOut.length > NAMED ? `, and ${leftOut.length - NAMED} more` : '';
    const what = dataset.medium === 'clips' ? 'clips' : 'samples';
    return [
      `${name}: ${leftOut.length} of ${all} ${what} cannot be decoded and were left out for every model, as ` +
        `\`bad-samples\` allows: ${named.join(', ')}${others}. Restore them, or take them out of the dataset.`,
    ];
  });
}

import { MOST_PROBLEMS, type Problem } from '#kernel';
import { readBounded } from '../bounded-list.ts';
import { readCsvTable } from '../csv-table.ts';
import type { Checked } from '../declared.ts';
import { pairFault, picturesOf, type DeclaredPair, type DeclaredPairs } from './declared-pairs.ts';

const NEEDED = ['file_a', 'file_b', 'same'];
const YES = ['1', 'true', 'yes', 'same'];
const NO = ['0', 'false', 'no', 'different'];

/**
 * Pairs from a CSV with a header: `file_a`, `file_b`, `same` (1 or 0, true or false, yes or no), and `fold` (from 0) where there are
 * folds. `identity_a` and `identity_b` may say whom the pictures show, and then must agree with `same`.
 */
export function readCsvPairs(text: string, file: string): Checked<DeclaredPairs> {
  return readBounded(text, { file }, () => {
    const read = readCsvTable(text, file, NEEDED);
    if ('problems' in read) return { value: { pictures: [], pairs: [] }, problems: read.problems };
    const { table } = read;
    const pairs: DeclaredPair[] = [];
    const problems: Problem[] = [];
    const identities = new Map<string, string>();
    for (const row of table.rows) {
      const at = { file, line: row.line };
      const cell = (name: string) => table.cell(row, name);
      const [a, b, word, fold] = [cell('file_a'), cell('file_b'), cell('same').toLowerCase(), cell('fold')];
      const same = YES.includes(word);
      const told = { a: cell('identity_a'), b: cell('identity_b') };
      const fault =
        row.cells.length !== table.names.length
          ? `has ${row.cells.length} cells where the header has ${table.names.length}`
          : (pairFault(a, b) ??
            (same || NO.includes(word) ? undefined : `${JSON.stringify(word)} does not say whether they are the same`) ??
            (fold === '' || /^\d{1,4}$/.test(fold) ? undefined : `${JSON.stringify(fold)} is no fold`) ??
            contradiction(told, same) ??
            contradictionBefore({ [a]: told.a, [b]: told.b }, identities));
      if (fault === undefined) pairs.push({ a, b, same, fold: fold === '' ? null : Number(fold), at });
      else problems.push({ ...at, message: fault, remedy: 'correct the row, or remove it' });
      if (problems.length > MOST_PROBLEMS) break;
    }
    return { value: { pictures: picturesOf(pairs, (one) => identities.get(one) ?? null), pairs }, problems };
  });
}

function contradiction({ a, b }: { a: string; b: string }, same: boolean): string | undefined {
  if (a === '' || b === '' || (a === b) === same) return undefined;
  return `says ${same ? 'the same' : 'different'} of identities ${JSON.stringify(a)} and ${JSON.stringify(b)}`;
}

/** Remembers whom each picture shows. */
function contradictionBefore(told: Readonly<Record<string, string>>, identities: Map<string, string>): string | undefined {
  for (const [picture, identity] of Object.entries(told)) {
    const before = identities.get(picture) ?? identity;
    if (before !== identity && identity !== '') return `${picture} shows ${JSON.stringify(before)} in another row`;
    if (identity !== '') identities.set(picture, identity);
  }
  return undefined;
}

import { MOST_PROBLEMS, type Place, type Problem } from '#kernel';
import { readBounded } from '../bounded-list.ts';
import { readCsvTable, type CsvRow } from '../csv-table.ts';
import type { Checked } from '../declared.ts';

/** A picture of a search: looked for, or looked among. */
export type DeclaredItem = {
  file: string;
  identity: string;
  role: 'query' | 'gallery';
  slices: Readonly<Record<string, string>>;
  at: Place;
};

const NEEDED = ['file', 'identity', 'role'];

/**
 * Queries and gallery from a CSV with a header: `file`, `identity`, `role` (query or gallery); every other column is a
 * slice, and an empty cell there means that the picture is in none.
 */
export function readCsvSearch(text: string, file: string): Checked<readonly DeclaredItem[]> {
  return readBounded(text, { file }, () => {
    const read = readCsvTable(text, file, NEEDED);
    if ('problems' in read) return { value: [], problems: read.problems };
    const { table } = read;
    const sliced = table.names.filter((name) => !NEEDED.includes(name));
    const slicesOf = (row: CsvRow) => {
      const cells = sliced.map((name) => [name, table.cell(row, name)] as const);
      return Object.fromEntries(cells.filter(([, cell]) => cell !== ''));
    };
    const items: DeclaredItem[] = [];
    const problems: Problem[] = [];
    for (const row of table.rows) {
      const at = { file, line: row.line };
      const [picture, identity, role] = NEEDED.map((name) => table.cell(row, name));
      if (row.cells.length !== table.names.length) {
        const message = `has ${row.cells.length} cells where the header has ${table.names.length}`;
        problems.push({ ...at, message, remedy: 'mend the commas or quotes' });
      } else if (!picture || !identity) {
        problems.push({ ...at, message: 'names no picture, or no identity', remedy: 'write both' });
      } else if (role !== 'query' && role !== 'gallery') {
        problems.push({ ...at, message: `${JSON.stringify(role)} is neither query nor gallery`, remedy: 'write one of the two' });
      } else items.push({ file: picture, identity, role, slices: slicesOf(row), at });
      if (problems.length > MOST_PROBLEMS) break;
    }
    return { value: items, problems: problems.length > 0 ? problems : searchProblems(items, file) };
  });
}

/** What keeps a search from being asked: nothing to look for, or a query of which the gallery has nothing. */
export function searchProblems(items: readonly DeclaredItem[], file: string): Problem[] {
  const gallery = new Set(items.filter(({ role }) => role === 'gallery').map(({ identity }) => identity));
  const queries = items.filter(({ role }) => role === 'query');
  if (queries.length === 0 || gallery.size === 0) {
    return [{ file, message: 'has no query, or no gallery', remedy: 'give some pictures each role' }];
  }
  return queries
    .filter(({ identity }) => !gallery.has(identity))
    .slice(0, MOST_PROBLEMS + 1)
    .map(({ identity, at }) => ({
      ...at,
      message: `the gallery has no picture of ${JSON.stringify(identity)}`,
      remedy: 'add one, or remove the query',
    }));
}

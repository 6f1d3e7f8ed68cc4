import { CsvError, parse, type InfoRecord } from 'csv-parse/sync';
import type { Place, Problem } from '#kernel';

export type CsvRow = { cells: readonly string[]; line: number };

/** As many columns as anybody has use for. */
export const MOST_COLUMNS = 200;

/** The rows of a CSV, each with the line that it ends at; blank lines are passed over. */
export function readCsvRows(text: string, file: string): { rows: readonly CsvRow[] } | { problem: Problem } {
  try {
    const records = parse(text, { info: true, bom: true, relax_column_count: true, skip_empty_lines: true }) as unknown as {
      record: string[];
      info: InfoRecord;
    }[];
    return { rows: records.map(({ record, info }) => ({ cells: record, line: info.lines })) };
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = typeof cause['lines'] === 'number' ? { line: cause['lines'] } : {};
    return { problem: { file, ...line, message: `not CSV: ${cause.message}`, remedy: 'mend the quotes at this line' } };
  }
}

/** A CSV with a header, whose columns are found by their names. */
export type CsvTable = {
  names: readonly string[];
  rows: readonly CsvRow[];
  /** The cell of a row in a column, without white space around; empty where there is no such column. */
  cell: (row: CsvRow, column: string) => string;
};

/**
 * @param needed columns that must be there
 * @returns what is wrong with the whole: then no row can be read
 */
export function readCsvTable(
  text: string,
  file: string,
  needed: readonly string[],
): { table: CsvTable } | { problems: Problem[] } {
  const read = readCsvRows(text, file);
  if ('problem' in read) return { problems: [read.problem] };
  const [header, ...rows] = read.rows;
  const at: Place = { file, line: header?.line ?? 1 };
  const names = (header?.cells ?? []).map((cell) => cell.trim());
  if (names.length > MOST_COLUMNS) {
    return { problems: [{ ...at, message: `has more than ${MOST_COLUMNS} columns`, remedy: 'keep those that are read' }] };
  }
  const columns = new Map(names.map((name, index) => [name, index]));
  const problems = needed
    .filter((name) => !columns.has(name))
    .map((name) => ({ ...at, message: `there is no column \`${name}\``, remedy: 'name it in the first line' }));
  if (columns.size < names.length) problems.push({ ...at, message: 'has two columns of one name', remedy: 'remove one of them' });
  if (rows.length === 0 && problems.length === 0) problems.push({ ...at, message: 'holds no rows', remedy: 'write one a line' });
  if (problems.length > 0) return { problems };
  return { table: { names, rows, cell: (row, column) => (row.cells[columns.get(column) ?? -1] ?? '').trim() } };
}

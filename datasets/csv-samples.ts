import { MOST_PROBLEMS, type Problem } from '#kernel';
import { readBounded } from './bounded-list.ts';
import type { Classes, FoundClass } from './classes.ts';
import { MOST_COLUMNS, readCsvRows, type CsvRow } from './csv-table.ts';
import type { Checked, DeclaredSample } from './declared.ts';

type Columns = {
  file: number;
  truth: { column: number; by: 'name' | 'index' };
  slices: readonly { name: string; column: number }[];
};

const sliceName = /^[A-Za-z][\w-]*$/;

/**
 * Samples from a CSV with a header: `file`, and `class` (a name) or `class_index`; every other column is a slice, and an
 * empty cell there means that the sample is in none.
 * @param folder below the root, that `file` is relative to; empty for the root itself
 */
export function readCsvSamples(text: string, file: string, classes: Classes, folder: string): Checked<readonly DeclaredSample[]> {
  return readBounded(text, { file }, () => readSamples(text, file, classes, folder));
}

function readSamples(text: string, file: string, classes: Classes, folder: string): Checked<readonly DeclaredSample[]> {
  const rows = readCsvRows(text, file);
  if ('problem' in rows) return { value: [], problems: [rows.problem] };
  const [header, ...body] = rows.rows;
  const columns = header ? readHeader(header, file) : [{ file, message: 'is empty', remedy: 'write a header: file,class' }];
  if (Array.isArray(columns)) return { value: [], problems: columns };
  const samples: DeclaredSample[] = [];
  const problems: Problem[] = [];
  for (const row of body) {
    const sample = readRow(row, columns, file, classes, folder);
    if ('message' in sample) problems.push(sample);
    if (problems.length > MOST_PROBLEMS) break;
    if (!('message' in sample)) samples.push(sample);
  }
  if (body.length === 0) problems.push({ file, message: 'holds no samples', remedy: 'write one row per image' });
  return { value: samples, problems };
}

function readHeader(header: CsvRow, file: string): Columns | Problem[] {
  const at = { file, line: header.line };
  if (header.cells.length > MOST_COLUMNS) {
    return [
      { ...at, message: `has more than ${MOST_COLUMNS} columns`, remedy: 'keep `file`, `class` and the slices that are judged' },
    ];
  }
  const names = header.cells.map((cell) => cell.trim());
  const problems: Problem[] = names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => ({ ...at, message: `column ${JSON.stringify(name)} stands twice`, remedy: 'remove one of them' }));
  const truths = ['class', 'class_index'].filter((name) => names.includes(name));
  if (!names.includes('file'))
    problems.push({ ...at, message: 'there is no column `file`', remedy: 'name it in the first line' });
  if (truths.length !== 1) {
    const message = truths.length === 0 ? 'there is no column `class` or `class_index`' : 'has both `class` and `class_index`';
    problems.push({ ...at, message, remedy: 'keep exactly one of the two' });
  }
  const slices = [...names.entries()].filter(([, name]) => !['file', 'class', 'class_index'].includes(name));
  for (const [, name] of slices) {
    if (sliceName.test(name)) continue;
    problems.push({
      ...at,
      message: `column ${JSON.stringify(name)} cannot name a slice`,
      remedy: 'use letters, digits, - and _',
    });
  }
  if (problems.length > 0) return problems;
  const by = truths[0] === 'class' ? 'name' : 'index';
  return {
    file: names.indexOf('file'),
    truth: { column: names.indexOf(truths[0] ?? ''), by },
    slices: slices.map(([column, name]) => ({ name, column })),
  };
}

function readRow(row: CsvRow, columns: Columns, file: string, classes: Classes, folder: string): DeclaredSample | Problem {
  const at = { file, line: row.line };
  const width = 2 + columns.slices.length;
  if (row.cells.length !== width) {
    return { ...at, message: `has ${row.cells.length} cells where the header has ${width}`, remedy: 'mend the commas or quotes' };
  }
  const found = findClass(row.cells[columns.truth.column] ?? '', columns.truth.by, classes);
  if ('fault' in found) return { ...at, message: found.fault, remedy: found.remedy };
  const slices = columns.slices.map(({ name, column }) => [name, (row.cells[column] ?? '').trim()] as const);
  const path = row.cells[columns.file] ?? '';
  return {
    file: folder === '' ? path : `${folder}/${path}`,
    truth: found.index,
    slices: Object.fromEntries(slices.filter(([, value]) => value !== '')),
    at,
  };
}

function findClass(cell: string, by: 'name' | 'index', classes: Classes): FoundClass {
  if (by === 'name') return classes.find(cell);
  if (/^\d{1,9}$/.test(cell.trim())) return classes.find(Number(cell));
  return { fault: `${JSON.stringify(cell)} is not a class index`, remedy: 'write a whole number, counted from 0' };
}

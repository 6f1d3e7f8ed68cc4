import { MOST_PROBLEMS, type Problem } from '#kernel';
import { readBounded } from '../bounded-list.ts';
import { readCsvRows, readCsvTable, type CsvRow, type CsvTable } from '../csv-table.ts';
import type { Checked } from '../declared.ts';
import { cornersFault, plainBox, type DeclaredBox, type DeclaredBoxes, type DeclaredPicture } from './declared-boxes.ts';

const NEEDED = ['ImageID', 'LabelName', 'XMin', 'XMax', 'YMin', 'YMax'];

/**
 * Boxes from a CSV of Open Images, as shares of each picture. `IsGroupOf` makes a crowd. A picture is `<ImageID>.jpg`, unless
 * the id has an ending already. Only pictures with boxes are in such a file.
 * Source: https://storage.googleapis.com/openimages/web/download_v7.html
 * @param names label ids -> class names; a label that is not among them is its own name
 */
export function readOpenImages(text: string, file: string, names: ReadonlyMap<string, string>): Checked<DeclaredBoxes> {
  return readBounded(text, { file }, () => {
    const read = readCsvTable(text, file, NEEDED);
    if ('problems' in read) return { value: { labels: [], pictures: [] }, problems: read.problems };
    return readTable(read.table, file, names);
  });
}

function readTable(table: CsvTable, file: string, names: ReadonlyMap<string, string>): Checked<DeclaredBoxes> {
  const problems: Problem[] = [];
  const pictures = new Map<string, DeclaredPicture & { boxes: DeclaredBox[] }>();
  for (const row of table.rows) {
    const at = { file, line: row.line };
    const id = table.cell(row, 'ImageID');
    const box = readRow(table, row, names);
    if (id === '') problems.push({ ...at, message: 'names no picture', remedy: 'write its ImageID' });
    else if ('fault' in box) problems.push({ ...at, message: box.fault, remedy: 'correct the row, or remove it' });
    else {
      const path = /\.[A-Za-z]{3,4}$/.test(id) ? id : `${id}.jpg`;
      const picture = pictures.get(path) ?? { file: path, unit: 'shares' as const, size: null, boxes: [] as DeclaredBox[], at };
      picture.boxes.push(box);
      pictures.set(path, picture);
    }
    if (problems.length > MOST_PROBLEMS) break;
  }
  const found = [...pictures.values()];
  const occurring = found.flatMap(({ boxes }) => boxes.map(({ label }) => label)).toSorted();
  return { value: { labels: [...new Set([...names.values(), ...occurring])], pictures: found }, problems };
}

function readRow(table: CsvTable, row: CsvRow, names: ReadonlyMap<string, string>): DeclaredBox | { fault: string } {
  const label = table.cell(row, 'LabelName');
  const share = (column: string) => shareOf(table.cell(row, column));
  const corners = { x1: share('XMin'), y1: share('YMin'), x2: share('XMax'), y2: share('YMax') };
  const fault = label === '' ? 'has no LabelName' : cornersFault(corners);
  if (fault !== undefined) return { fault };
  return plainBox(names.get(label) ?? label, corners, { crowd: table.cell(row, 'IsGroupOf') === '1' });
}

/** Spreadsheets of half the world write the comma of a decimal. */
function shareOf(cell: string): number {
  return /^-?\d+([.,]\d+)?(e-?\d+)?$/i.test(cell) ? Number(cell.replace(',', '.')) : Number.NaN;
}

/** Label id -> class name, from class-descriptions-boxable.csv: two columns, with a header (`LabelName,DisplayName`) or without. */
export function readClassDescriptions(text: string, file: string): Checked<ReadonlyMap<string, string>> {
  return readBounded(text, { file }, () => {
    const read = readCsvRows(text, file);
    if ('problem' in read) return { value: new Map<string, string>(), problems: [read.problem] };
    const rows = read.rows.filter(({ cells }) => cells[0]?.trim() !== 'LabelName');
    const wrong = rows.filter(({ cells }) => cells.length !== 2 || cells.some((cell) => cell.trim() === ''));
    const problems = wrong
      .slice(0, MOST_PROBLEMS + 1)
      .map(({ line }) => ({ file, line, message: 'is not a label id and a class name', remedy: 'write /m/01g317,Person' }));
    return { value: new Map(rows.map(({ cells: [id = '', name = ''] }) => [id.trim(), name.trim()])), problems };
  });
}

import stringWidth from 'string-width';

/** `grow`: the column that gives way when the table is too wide. */
export type Column = { title: string; align: 'left' | 'right'; grow?: boolean };

/** A cell's text, and how it is painted once its width is settled. */
export type Cell = string | { text: string; paint: (text: string) => string };

/** Cells, or a line of its own between them. */
export type Row = readonly Cell[] | string;

/** Rows of aligned columns no wider than `width`, with the header first. */
export function textTable(columns: readonly Column[], rows: readonly Row[], width: number, gap: number): string[] {
  const cellRows = rows.filter((row) => typeof row !== 'string');
  const widest = (at: number) => cellRows.reduce((most, row) => Math.max(most, stringWidth(textOf(row[at]))), 0);
  const widths = columns.map((column, at) => Math.max(stringWidth(column.title), widest(at)));
  const total = widths.reduce((sum, each) => sum + each, 0) + gap * (columns.length - 1);
  const grow = columns.findIndex((column) => column.grow);
  if (total > width && grow !== -1) widths[grow] = Math.max(8, (widths[grow] ?? 0) - (total - width));
  const line = (cells: readonly (Cell | undefined)[]) =>
    columns
      .map((column, at) => fitted(cells[at], widths[at] ?? 0, column.align))
      .join(' '.repeat(gap))
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...rows.map((row) => (typeof row === 'string' ? row : line(row)))];
}

/** Cut at `width` terminal cells (a wide character takes two) and filled up to it. */
function fitted(cell: Cell | undefined, width: number, align: Column['align']): string {
  const text = cut(textOf(cell), width);
  const fill = ' '.repeat(Math.max(0, width - stringWidth(text)));
  const painted = typeof cell === 'object' ? cell.paint(text) : text;
  return align === 'left' ? `${painted}${fill}` : `${fill}${painted}`;
}

export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Broken at spaces into lines of at most `width`, all but the first indented. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && stringWidth(longer) > width - (lines.length > 0 ? indent.length : 0)) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].join(`\n${indent}`);
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === 'object' ? cell.text : (cell ?? '');
}

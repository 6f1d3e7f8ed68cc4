/**
 * Which column goes to each row so that the sum of costs is least: shortest augmenting paths (Crouse 2016, "On implementing 2D
 * rectangular assignment algorithms", IEEE TAES 52), step for step as scipy's linear_sum_assignment has it, so that of equally good
 * assignments it is the same one.
 * @param costs row by row
 * @returns pairs of row and column, as many as the shorter side has
 */
export function assign(costs: Float64Array, rows: number, columns: number): [row: number, column: number][] {
  if (rows === 0 || columns === 0) return [];
  if (columns < rows) {
    return assign(transposed(costs, rows, columns), columns, rows)
      .map(([column, row]): [number, number] => [row, column])
      .toSorted(([a], [b]) => a - b);
  }
  const work = workOf(costs, rows, columns);
  for (let row = 0; row < rows; row += 1) augment(work, row);
  return Array.from(work.columnOf, (column, row) => [row, column]);
}

type Work = {
  costs: Float64Array;
  rows: number;
  columns: number;
  /** Dual variables of rows and columns. */
  u: Float64Array;
  v: Float64Array;
  shortest: Float64Array;
  path: Int32Array;
  columnOf: Int32Array;
  rowOf: Int32Array;
  seenRows: Uint8Array;
  seenColumns: Uint8Array;
  remaining: Int32Array;
};

function workOf(costs: Float64Array, rows: number, columns: number): Work {
  return {
    costs,
    rows,
    columns,
    u: new Float64Array(rows),
    v: new Float64Array(columns),
    shortest: new Float64Array(columns),
    path: new Int32Array(columns).fill(-1),
    columnOf: new Int32Array(rows).fill(-1),
    rowOf: new Int32Array(columns).fill(-1),
    seenRows: new Uint8Array(rows),
    seenColumns: new Uint8Array(columns),
    remaining: new Int32Array(columns),
  };
}

function augment(work: Work, start: number): void {
  const { u, v, shortest, path, columnOf, rowOf, seenRows, seenColumns } = work;
  const { sink, least } = shortestPath(work, start);
  u[start] = (u[start] ?? 0) + least;
  for (let row = 0; row < work.rows; row += 1) {
    if (seenRows[row] === 1 && row !== start) u[row] = (u[row] ?? 0) + least - (shortest[columnOf[row] ?? 0] ?? 0);
  }
  for (let column = 0; column < work.columns; column += 1) {
    if (seenColumns[column] === 1) v[column] = (v[column] ?? 0) - (least - (shortest[column] ?? 0));
  }
  for (let column = sink; ;) {
    const row = path[column] ?? 0;
    rowOf[column] = row;
    const before = columnOf[row] ?? -1;
    columnOf[row] = column;
    if (row === start) return;
    column = before;
  }
}

/** Dijkstra over the reduced costs, from a row to the nearest free column. */
function shortestPath(work: Work, start: number): { sink: number; least: number } {
  const { costs, columns, u, v, shortest, path, rowOf, seenRows, seenColumns, remaining } = work;
  // In reverse, so that of costs that are all the same the identity comes out.
  for (let at = 0; at < columns; at += 1) remaining[at] = columns - at - 1;
  seenRows.fill(0);
  seenColumns.fill(0);
  shortest.fill(Number.POSITIVE_INFINITY);
  let [row, least, left] = [start, 0, columns];
  for (;;) {
    seenRows[row] = 1;
    let [index, lowest] = [-1, Number.POSITIVE_INFINITY];
    for (let at = 0; at < left; at += 1) {
      const column = remaining[at] ?? 0;
      const reached = least + (costs[row * columns + column] ?? 0) - (u[row] ?? 0) - (v[column] ?? 0);
      if (reached < (shortest[column] ?? 0)) {
        path[column] = row;
        shortest[column] = reached;
      }
      const length = shortest[column] ?? 0;
      if (length < lowest || (length === lowest && rowOf[column] === -1)) [index, lowest] = [at, length];
    }
    if (lowest === Number.POSITIVE_INFINITY) throw new RangeError('costs are finite numbers');
    least = lowest;
    const column = remaining[index] ?? 0;
    seenColumns[column] = 1;
    left -= 1;
    remaining[index] = remaining[left] ?? 0;
    const holder = rowOf[column] ?? -1;
    if (holder === -1) return { sink: column, least };
    row = holder;
  }
}

function transposed(costs: Float64Array, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(costs.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) turned[column * rows + row] = costs[row * columns + column] ?? 0;
  }
  return turned;
}

/** A symmetric matrix, row by row; only its lower half is read. */
export type Square = { size: number; cells: Float64Array };

export function square(size: number): Square {
  return { size, cells: new Float64Array(size * size) };
}

/** The lower triangle L of A = LL'. @throws RangeError where A is not positive definite */
export function cholesky({ size, cells }: Square): Square {
  const lower = new Float64Array(cells.length);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = cells[row * size + column] ?? 0;
      for (let at = 0; at < column; at += 1) sum -= (lower[row * size + at] ?? 0) * (lower[column * size + at] ?? 0);
      if (row !== column) lower[row * size + column] = sum / (lower[column * size + column] ?? 1);
      else if (sum > 0) lower[row * size + row] = Math.sqrt(sum);
      else throw new RangeError('not positive definite');
    }
  }
  return { size, cells: lower };
}

/** Solves L z = b. */
export function solveLower({ size, cells }: Square, b: Float64Array): Float64Array {
  const z = Float64Array.from(b);
  for (let row = 0; row < size; row += 1) {
    let sum = z[row] ?? 0;
    for (let at = 0; at < row; at += 1) sum -= (cells[row * size + at] ?? 0) * (z[at] ?? 0);
    z[row] = sum / (cells[row * size + row] ?? 1);
  }
  return z;
}

/** Solves L'x = z. */
function solveUpper({ size, cells }: Square, z: Float64Array): Float64Array {
  const x = Float64Array.from(z);
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = x[row] ?? 0;
    for (let at = row + 1; at < size; at += 1) sum -= (cells[at * size + row] ?? 0) * (x[at] ?? 0);
    x[row] = sum / (cells[row * size + row] ?? 1);
  }
  return x;
}

/** Solves A x = b. @param lower of A */
export function solve(lower: Square, b: Float64Array): Float64Array {
  return solveUpper(lower, solveLower(lower, b));
}

/** ln |A|. @param lower of A */
export function logDeterminant({ size, cells }: Square): number {
  let sum = 0;
  for (let row = 0; row < size; row += 1) sum += 2 * Math.log(cells[row * size + row] ?? 1);
  return sum;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

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

/** A⁻¹, whole. @param lower of A */
export function inverse({ size, cells }: Square): Square {
  // The inverse of L, of which a column lies beside the next.
  const columns = new Float64Array(size * size);
  for (let column = 0; column < size; column += 1)
    for (let row = column; row < size; row += 1) {
      let sum = row === column ? 1 : 0;
      for (let at = column; at < row; at += 1) sum -= (cells[row * size + at] ?? 0) * (columns[column * size + at] ?? 0);
      columns[column * size + row] = sum / (cells[row * size + row] ?? 1);
    }
  const whole = square(size);
  for (let one = 0; one < size; one += 1)
    for (let other = 0; other <= one; other += 1) {
      let sum = 0;
      for (let at = one; at < size; at += 1) sum += (columns[one * size + at] ?? 0) * (columns[other * size + at] ?? 0);
      whole.cells[one * size + other] = sum;
      whole.cells[other * size + one] = sum;
    }
  return whole;
}

/** A vector of which only these places are not zero. */
export type Sparse = { at: readonly number[]; by: readonly number[] };

export function sparseDot({ at, by }: Sparse, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < at.length; index += 1) sum += (by[index] ?? 0) * (b[at[index] ?? 0] ?? 0);
  return sum;
}

/** b'Cb. */
export function sparseQuadratic({ size, cells }: Square, { at, by }: Sparse): number {
  let sum = 0;
  for (let one = 0; one < at.length; one += 1) {
    const row = (at[one] ?? 0) * size;
    let across = 0;
    for (let other = 0; other < one; other += 1) across += (by[other] ?? 0) * (cells[row + (at[other] ?? 0)] ?? 0);
    const own = by[one] ?? 0;
    sum += own * (2 * across + own * (cells[row + (at[one] ?? 0)] ?? 0));
  }
  return sum;
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

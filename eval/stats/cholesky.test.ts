import { describe, expect, it } from 'vitest';
import { cholesky, logDeterminant, solve } from './cholesky.ts';

const matrix = (...rows: readonly (readonly number[])[]) => ({ size: rows.length, cells: Float64Array.from(rows.flat()) });

describe('a symmetric system', () => {
  const lower = cholesky(matrix([4, 2, 0.5], [2, 5, 1], [0.5, 1, 3]));
  it('is solved', () => {
    const [x, y, z] = solve(lower, Float64Array.from([1, 2, 3]));
    // In fractions: 6, 36 and 166 of 179.
    expect([x, y, z]).toEqual([6, 36, 166].map((part) => expect.closeTo(part / 179, 12)));
  });

  it('has its determinant, in a logarithm', () => {
    expect(Math.exp(logDeterminant(lower))).toBeCloseTo(44.75, 9);
  });

  it('is refused where it is not positive definite', () => {
    expect(() => cholesky(matrix([1, 2], [2, 1]))).toThrow(RangeError);
  });
});

import { describe, expect, it } from 'vitest';
import { cholesky, inverse, logDeterminant, solve, sparseDot, sparseQuadratic } from './cholesky.ts';

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

  it('has its inverse, and what that makes of a vector of which little is not zero', () => {
    const whole = inverse(lower);
    const unit = solve(lower, Float64Array.from([0, 0, 1]));
    expect(Array.from(whole.cells.subarray(6))).toEqual(Array.from(unit, (each) => expect.closeTo(each, 12)));
    const b = { at: [0, 2], by: [1, -2] };
    const full = solve(lower, Float64Array.from([1, 0, -2]));
    expect(sparseQuadratic(whole, b)).toBeCloseTo(sparseDot(b, full), 12);
  });

  it('is refused where it is not positive definite', () => {
    expect(() => cholesky(matrix([1, 2], [2, 1]))).toThrow(RangeError);
  });
});

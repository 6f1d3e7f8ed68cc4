import { describe, expect, it } from 'vitest';
import { pairwiseSum } from './pairwise-sum.ts';

describe('a sum in numpy’s order', () => {
  // numpy.sum(numpy.arange(n) * 0.1 + 0.7) by numpy 2.4.6; added from left to right, the last two are 915.9 and 7627975.5.
  it.each([
    [0, 0],
    [3, 2.4],
    [7, 7],
    [9, 9.9],
    [128, 902.4],
    [129, 915.9000000000001],
    [12_345, 7_627_975.500000002],
  ])('of %i numbers', (length, sum) => {
    expect(pairwiseSum(Float64Array.from({ length }, (_, at) => at * 0.1 + 0.7))).toBe(sum);
  });

  it('may begin and end anywhere', () => {
    expect(pairwiseSum(Float64Array.of(9, 1, 2, 3, 9), 1, 3)).toBe(6);
  });
});

import { describe, expect, it } from 'vitest';
import { rankScores } from './rank-scores.ts';

describe('a row of scores is ranked', () => {
  it('best first, as deep as is asked for', () => {
    expect(rankScores(Float32Array.of(0.125, 0.5, 0.25, 0.0625, 0.0625, 0.125), 5)).toEqual({
      ranked: [1, 2, 0, 5, 3],
      scores: [0.5, 0.25, 0.125, 0.125, 0.0625],
      tied: false,
    });
    expect(rankScores(Float32Array.of(0.1, 0.5, 0.2), 2).ranked).toEqual([1, 2]);
  });

  it('with ties to the lowest index, and says so', () => {
    expect(rankScores(Float32Array.of(0.25, 0.5, 0.5), 5)).toMatchObject({ ranked: [1, 2, 0], tied: true });
  });

  it('also when every score is negative infinity', () => {
    const scores = new Float32Array(3).fill(Number.NEGATIVE_INFINITY);
    expect(rankScores(scores, 5)).toMatchObject({ ranked: [0, 1, 2], tied: true });
  });

  it('unless one is not a number', () => {
    expect(() => rankScores(Float32Array.of(0.1, Number.NaN), 5)).toThrow(/NaN/);
  });
});

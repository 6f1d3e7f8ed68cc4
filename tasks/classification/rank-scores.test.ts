import { describe, expect, it } from 'vitest';
import { rankScores } from './rank-scores.ts';

describe('a row of scores is ranked', () => {
  it('best first, as deep as is asked for', () => {
    expect(rankScores(Float32Array.of(0.125, 0.5, 0.25, 0.0625, 0.0625, 0.125), 3, 9)).toEqual({
      ranked: [1, 2, 0, 5],
      scores: [0.5, 0.25, 0.125, 0.125],
      more: 0,
    });
    expect(rankScores(Float32Array.of(0.1, 0.5, 0.2), 2, 9).ranked).toEqual([1, 2]);
  });

  it('with ties to the lowest index', () => {
    expect(rankScores(Float32Array.of(0.25, 0.5, 0.5), 5, 9)).toEqual({ ranked: [1, 2, 0], scores: [0.5, 0.5, 0.25], more: 0 });
  });

  it('with the equals of the last behind it, as far as there is room, and the number of the others', () => {
    const scores = Float32Array.of(0, 0.5, 0, 0.25, 0, 0);
    expect(rankScores(scores, 3, 4)).toEqual({ ranked: [1, 3, 0, 2], scores: [0.5, 0.25, 0, 0], more: 2 });
  });

  it('also when every score is negative infinity', () => {
    const scores = new Float32Array(3).fill(Number.NEGATIVE_INFINITY);
    expect(rankScores(scores, 5, 9)).toMatchObject({ ranked: [0, 1, 2], more: 0 });
  });

  it('unless one is not a number', () => {
    expect(() => rankScores(Float32Array.of(0.1, Number.NaN), 5, 9)).toThrow(/NaN/);
  });
});

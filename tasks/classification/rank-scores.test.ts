import { describe, expect, it } from 'vitest';
import { rankScores } from './rank-scores.ts';

describe('a row of scores is ranked', () => {
  it('best first, five deep', () => {
    expect(rankScores(Float32Array.of(0.1, 0.5, 0.2, 0.05, 0.05, 0.1), 2)).toEqual({
      ranked: [1, 2, 0, 5, 3],
      score: { truth: Math.fround(0.2), best: 0.5 },
      tied: false,
    });
  });

  it('with ties to the lowest index, and says so', () => {
    expect(rankScores(Float32Array.of(0.25, 0.5, 0.5), 2)).toMatchObject({ ranked: [1, 2, 0], tied: true });
  });

  it('also when every score is negative infinity', () => {
    expect(rankScores(new Float32Array(3).fill(Number.NEGATIVE_INFINITY), 0)).toMatchObject({ ranked: [0, 1, 2], tied: true });
  });

  it('unless one is not a number, or the truth is no class', () => {
    expect(() => rankScores(Float32Array.of(0.1, Number.NaN), 0)).toThrow(/NaN/);
    expect(() => rankScores(Float32Array.of(0.1, 0.2), 2)).toThrow(/class 2 is not among the 2 scores/);
  });
});

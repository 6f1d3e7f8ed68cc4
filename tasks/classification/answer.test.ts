import { describe, expect, it } from 'vitest';
import type { InferResponse } from '#kernel';
import { bench } from '../../testing/worlds/small-datasets.ts';
import { decodeRankings, MOST, rankingFault, rankingSchema, type Ranking } from './answer.ts';

const of = (ranked: readonly number[], scores: readonly number[] = ranked.map((_, place) => 1 - place / 10)): Ranking => ({
  id: '0.png',
  ranked,
  scores,
  more: 0,
});
const same = { toDataset: [0, 1, 2] };
const many = { classes: Array.from({ length: 9 }, (_, index) => `class ${index}`) };

describe('what a classifier answered', () => {
  it.each<[string, Ranking, { classes: readonly string[] }, boolean]>([
    ['all classes where there are few', of([2, 0, 1]), bench, true],
    ['five where there are more', of([8, 0, 1, 2, 3]), many, true],
    ['the same score twice', of([2, 0, 1], [0.5, 0.25, 0.25]), bench, true],
    ['too few', of([2, 0]), bench, false],
    ['too few of many', of([8, 0, 1, 2]), many, false],
    ['a class twice', of([2, 2, 1]), bench, false],
    ['a class that there is not', of([3, 0, 1]), bench, false],
    ['fewer scores than classes', of([2, 0, 1], [0.5, 0.25]), bench, false],
    ['a better score after a worse one', of([2, 0, 1], [0.5, 0.2, 0.3]), bench, false],
    ['and the equals of the fifth', of([8, 0, 1, 2, 3, 4], [5, 4, 3, 2, 1, 1]), many, true],
    ['and one that is no equal of the fifth', of([8, 0, 1, 2, 3, 4], [5, 4, 3, 2, 1, 0.5]), many, false],
    ['more equals that are not listed, where there is room', { ...of([8, 0, 1, 2, 3]), more: 2 }, many, false],
  ])('is a ranking, or not: %s', (_, ranking, dataset, isOne) => {
    expect(rankingFault(ranking, dataset)).toBe(isOne ? null : 'is answered with no ranking of its classes');
  });

  it.each<[string, object, boolean]>([
    ['as it is', of([2, 0, 1]), true],
    ['with a truth beside it', { ...of([2, 0, 1]), truth: 2 }, false],
    ['with a score that is no number', { ...of([2, 0, 1]), scores: [0.5, 'high', 0] }, false],
    ['with an endless score', { ...of([2, 0, 1]), scores: [Infinity, 0, 0] }, false],
    ['with a class between two', of([0.5, 0, 1]), false],
    ['with more than is kept', of(Array.from({ length: MOST + 1 }, (_, index) => index)), false],
    ['with an endless name', { ...of([2, 0, 1]), id: 'x'.repeat(4097) }, false],
  ])('comes in a part %s, or not at all', (_, given, isOne) => {
    expect(rankingSchema.safeParse(given).success).toBe(isOne);
  });

  const samples = bench.samples.slice(0, 2);
  const response = (shape: number[], scores: readonly number[]): InferResponse => ({
    modelName: 'model',
    outputs: [{ name: 'scores', datatype: 'FP32', shape, data: new Uint8Array(Float32Array.from(scores).buffer) }],
  });

  it('is one row of scores for each picture', () => {
    expect(decodeRankings(response([2, 3], [0.125, 0.25, 0.5, 0.5, 0.5, 0]), samples, bench, same)).toEqual([
      { id: '0.png', ranked: [2, 1, 0], scores: [0.5, 0.25, 0.125], more: 0 },
      { id: '1.png', ranked: [0, 1, 2], scores: [0.5, 0.5, 0], more: 0 },
    ]);
  });

  it.each([
    ['of fewer pictures', response([1, 3], [0, 0, 1])],
    ['of other classes', response([2, 2], [0, 1, 0, 1])],
    ['of nothing', { modelName: 'model', outputs: [] }],
  ])('is an error where the rows are %s', (_, given) => {
    expect(() => decodeRankings(given, samples, bench, same)).toThrow(/scores/);
  });
});

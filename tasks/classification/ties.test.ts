import { describe, expect, it } from 'vitest';
import { settleTies, tieNotes } from './ties.ts';
import { isRight, type RankedTrial } from './trial.ts';

const trial = (ranked: readonly number[], scores: readonly number[], more = 0): RankedTrial => ({
  id: '0.png',
  ranked,
  scores,
  more,
  truth: 0,
  confidence: null,
  slices: {},
  cluster: '0.png',
  site: null,
  seconds: null,
});

describe('a tie', () => {
  it.each<[string, RankedTrial, readonly number[], readonly number[]]>([
    ['of the true class and others for the best', trial([3, 0, 5, 1], [7, 7, 7, 2]), [3, 5, 0, 1], [0, 3, 5, 1]],
    ['of the last', trial([3, 1, 0, 2], [7, 5, 2, 2]), [3, 1, 2, 0], [3, 1, 0, 2]],
    ['with classes that are not listed', trial([3, 1, 4], [7, 7, 7], 2), [3, 1, 4], [0, 3, 1]],
    ['of classes that are not the true one', trial([3, 1, 0], [7, 7, 2]), [3, 1, 0], [3, 1, 0]],
    ['that a class that is not listed has no part in', trial([3, 1, 4], [7, 7, 2]), [3, 1, 4], [3, 1, 4]],
  ])('%s puts the true class last or first', (_, given, against, inFavour) => {
    expect(settleTies(given, 'against').ranked).toEqual(against);
    expect(settleTies(given, 'for').ranked).toEqual(inFavour);
  });

  it('that there is none of leaves the very same trial', () => {
    const plain = trial([3, 0, 1], [7, 5, 2]);
    expect(settleTies(plain, 'against')).toBe(plain);
    expect(settleTies(plain, 'for')).toBe(plain);
  });

  it('is counted, and what it could make of the number of right ones', () => {
    const clear = trial([0, 1, 2], [3, 2, 1]);
    const tied = trial([0, 1, 2], [3, 3, 1]);
    expect(tieNotes([clear, clear])).toEqual([]);
    expect([tied, clear].map(isRight)).toEqual([true, true]);
    expect(tieNotes([clear, tied])).toEqual([
      '1 samples had a tie for the best class; the lowest index won. By how ties break, 1 to 2 of 2 samples are named right.',
    ]);
  });
});

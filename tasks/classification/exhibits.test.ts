import { describe, expect, it } from 'vitest';
import { bench } from '../../testing/worlds/small-datasets.ts';
import { rankingExhibits } from './exhibits.ts';
import type { RankedTrial } from './trial.ts';

const trial = (ranked: readonly number[], scores: readonly number[] = [0.5, 0.25, 0.125], truth = 0): RankedTrial => ({
  id: '0.png',
  ranked,
  scores,
  more: 0,
  truth,
  confidence: null,
  slices: { light: 'day' },
  cluster: '0.png',
  site: null,
  seconds: null,
});
const [right, wrong] = [trial([0, 1, 2]), trial([1, 0, 2])];

describe('a picture that a change lost or won', () => {
  it.each([
    ['right before and after', right, right, []],
    ['wrong before and after', wrong, trial([2, 0, 1]), []],
    ['right before alone', wrong, right, [['lost', 'nobody: was right, now taken for person', 0.25]]],
    ['right after alone', right, wrong, [['gained', 'nobody: right now, was taken for person', 0.25]]],
    [
      'clearer, the further the truth lies behind',
      trial([1, 2, 0]),
      right,
      [['lost', 'nobody: was right, now taken for person', 0.375]],
    ],
    [
      'as far as the last that was kept, where the truth is not among them',
      trial([1, 2], [0.5, 0.25]),
      right,
      [['lost', 'nobody: was right, now taken for person', 0.25]],
    ],
  ] as const)('is shown, or not: %s', (_, candidate, reference, expected) => {
    const shown = rankingExhibits({ candidate, reference }, bench);
    expect(shown.map(({ change, caption, weight }) => [change, caption, weight])).toEqual(expected);
  });

  it('is named with its slices, and at no moment', () => {
    expect(rankingExhibits({ candidate: wrong, reference: right }, bench)[0]).toMatchObject({
      id: '0.png',
      at: null,
      slices: { light: 'day' },
    });
  });
});

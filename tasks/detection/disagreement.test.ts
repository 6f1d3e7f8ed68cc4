import { describe, expect, it } from 'vitest';
import { foundBox } from '../../testing/worlds/boxes.ts';
import { compareBoxes } from './disagreement.ts';
import type { BoxRow } from './match-picture.ts';

describe('how much two models differ on a picture', () => {
  it.each<[string, BoxRow[], BoxRow[], number]>([
    ['both see nothing', [], [], 0],
    ['the same', [foundBox(0)], [foundBox(0, 0.6, { slip: 8 })], 0],
    ['one sees what the other does not', [foundBox(0), foundBox(100)], [foundBox(0)], 1],
    ['another class', [foundBox(0)], [foundBox(0, 0.9, { named: 1 })], 2],
    ['elsewhere', [foundBox(0)], [foundBox(0, 0.9, { slip: 20 })], 2],
    ['below the threshold', [foundBox(0)], [foundBox(0, 0.4)], 1],
    ['twice on one thing', [foundBox(0), foundBox(0)], [foundBox(0)], 1],
  ])('%s', (_, one, other, expected) => {
    const at = (boxes: BoxRow[]) => ({ boxes, threshold: 0.5 });
    const [there, back] = [compareBoxes(at(one), at(other)), compareBoxes(at(other), at(one))];
    expect(there.onlyOne.length + there.onlyOther.length).toBe(expected);
    expect(back.onlyOne.length + back.onlyOther.length).toBe(expected);
  });

  it('names boxes by their places in the two answers', () => {
    const one = { boxes: [foundBox(500, 0.1), foundBox(0), foundBox(100)], threshold: 0.5 };
    const other = { boxes: [foundBox(200), foundBox(100, 0.7)], threshold: 0.6 };
    expect(compareBoxes(one, other)).toEqual({ shared: [{ one: 2, other: 1 }], onlyOne: [1], onlyOther: [0] });
  });
});

import { describe, expect, it } from 'vitest';
import { clockOffset } from './clock-offset.ts';

/** A round trip with a clock that is ahead by so much, there and back after so many milliseconds. */
const trip = (asked: number, ahead: number, there: number, back: number) => ({
  asked,
  there: asked + there + ahead,
  answered: asked + there + back,
});

describe('how far another clock is ahead', () => {
  it.each([
    ['by ways of equal length', [trip(0, 250, 20, 20)], { ahead: 250, within: 20 }],
    [
      'behind, by the shortest trip of several',
      [trip(0, -90, 300, 4), trip(900, -90, 6, 4), trip(2000, -90, 50, 2)],
      { ahead: -89, within: 5 },
    ],
    ['not at all', [], null],
  ])('is told %s', (_, trips, expected) => {
    expect(clockOffset(trips)).toEqual(expected);
  });

  it('lies within its bound, however unequal the ways are', () => {
    for (let there = 0; there <= 40; there += 5) {
      const { ahead, within } = clockOffset([trip(1000, 17, there, 40 - there)]) ?? { ahead: Number.NaN, within: Number.NaN };
      expect(Math.abs(ahead - 17)).toBeLessThanOrEqual(within);
    }
  });
});

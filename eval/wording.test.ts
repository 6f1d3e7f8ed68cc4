import { describe, expect, it } from 'vitest';
import { explainBound, explainOutcome, formatAmount } from './wording.ts';

const share = { unit: 'fraction', better: 'more', margin: 0.05 } as const;
const alarms = { unit: 'per hour', better: 'less', margin: 0.5 } as const;
const time = { unit: 'ratio', better: 'less', margin: Math.log(1.1) } as const;
const strict = { ...share, margin: 0 } as const;

describe('what a person is told of a change', () => {
  it.each([
    ['a sure loss', share, -0.094, [-0.12, -0.07], 'it fell by 9.4 points, clearly more than the 5 points allowed'],
    [
      'a sure rise of what should be rare',
      alarms,
      -60,
      [-80, -40],
      'it rose by 60 per hour, clearly more than the 0.5 per hour allowed',
    ],
    ['half as fast', time, -Math.log(2), [-0.7, -0.6], 'it rose by 100%, clearly more than the 10% allowed'],
    ['twice as fast', time, Math.log(2), [0.6, 0.7], 'it fell by 50%, which is clearly better'],
    ['a sure gain', share, 0.083, [0.05, 0.1], 'it rose by 8.3 points, which is clearly better'],
    ['a small loss', share, -0.01, [-0.04, 0.02], 'it fell by 1 point, clearly less than the 5 points allowed'],
    ['a small gain', share, 0.005, [-0.02, 0.03], 'it rose by 0.5 points: no loss beyond the 5 points allowed'],
    ['none', share, 0, [-0.04, 0.04], 'it did not change: no loss beyond the 5 points allowed'],
    [
      'what may be a loss',
      share,
      -0.021,
      [-0.08, 0.03],
      'it fell by 2.1 points, and there is too little data to tell whether that is more than the 5 points allowed',
    ],
    [
      'what looks like a gain',
      share,
      0.02,
      [-0.06, 0.1],
      'it rose by 2 points, but there is too little data to rule out a loss of 5 points',
    ],
    ['a loss where none is allowed', strict, -0.02, [-0.03, -0.01], 'it fell by 2 points, and no loss is allowed'],
    [
      'what may be one there',
      strict,
      -0.02,
      [-0.05, 0.01],
      'it fell by 2 points, and there is too little data to tell whether it got worse',
    ],
  ] as const)('%s', (_, key, value, [low, high], said) => {
    expect(explainOutcome('it', { value, interval: { low, high }, method: '' }, key)).toBe(said);
  });

  it('says why where nobody can tell', () => {
    const known = { value: -0.02, interval: null, method: 'two clusters are too few' };
    expect(explainOutcome('it', known, share)).toBe(
      'it fell by 2 points, but nobody can tell by how much that is off: two clusters are too few',
    );
  });
});

describe('what a person is told of a bound', () => {
  it.each([
    ['kept from above', share, 0.913, 0.85, [0.05, 0.07], 'it is 91.3%, clearly above the 85% required'],
    ['missed from below', share, 0.787, 0.85, [-0.08, -0.05], 'it is 78.7%, clearly below the 85% required'],
    ['kept from below', alarms, 0.74, 2, [1, 1.5], 'it is 0.74 per hour, clearly below the 2 per hour allowed'],
    ['missed from above', alarms, 3.1, 2, [-1.5, -0.5], 'it is 3.1 per hour, clearly above the 2 per hour allowed'],
    ['open', share, 0.84, 0.85, [-0.03, 0.01], 'it is 84%: too close to the 85% required to tell whether the bound is kept'],
  ] as const)('%s', (_, { unit, better }, value, bound, [low, high], said) => {
    const known = { value, bound, interval: { low, high }, method: '' };
    expect(explainBound('it', known, { unit, better, against: 'bound' })).toBe(said);
  });
});

it('counts one point as one', () => {
  expect([0.01, 0.02, 0.005].map((amount) => formatAmount(amount, 'fraction'))).toEqual(['1 point', '2 points', '0.5 points']);
});

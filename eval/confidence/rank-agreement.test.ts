import { describe, expect, it } from 'vitest';
import { random } from '../stats/rng.ts';
import { kendallTau } from './rank-agreement.ts';

/** As it is defined: every pair of pairs is looked at. */
function byDefinition(pairs: readonly (readonly [number, number])[]): number | null {
  let [sum, untiedX, untiedY] = [0, 0, 0];
  for (const [at, [x, y]] of pairs.entries())
    for (const [otherX, otherY] of pairs.slice(0, at)) {
      const [dx, dy] = [Math.sign(x - otherX), Math.sign(y - otherY)];
      sum += dx * dy;
      untiedX += Math.abs(dx);
      untiedY += Math.abs(dy);
    }
  return untiedX === 0 || untiedY === 0 ? null : sum / Math.sqrt(untiedX * untiedY);
}

describe('Kendall’s tau-b', () => {
  it.each([
    [
      'of what agrees',
      [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
      1,
    ],
    [
      'of what is turned round',
      [
        [1, 3],
        [2, 2],
        [3, 1],
      ],
      -1,
    ],
    [
      'of one that never varies',
      [
        [1, 3],
        [1, 2],
      ],
      null,
    ],
    ['of one pair', [[1, 1]], null],
    // scipy.stats.kendalltau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])
    [
      'with ties, as SciPy has it',
      [
        [12, 1],
        [2, 4],
        [1, 7],
        [12, 1],
        [2, 0],
      ],
      -0.4714045,
    ],
  ] as const)('is right %s', (_, pairs, expected) => {
    const tau = kendallTau(pairs);
    expect(tau === null ? null : Number(tau.toFixed(7))).toBe(expected);
  });

  it('counts what its definition counts, with few and with many ties', () => {
    const next = random(3);
    for (let round = 0; round < 200; round += 1) {
      const kinds = 1 + Math.floor(next() * 40);
      const pairs = Array.from(
        { length: Math.floor(next() * 40) },
        () => [Math.floor(next() * kinds), Math.floor(next() * kinds)] as const,
      );
      const [tau, defined] = [kendallTau(pairs), byDefinition(pairs)];
      expect(tau === null ? null : tau.toFixed(12)).toBe(defined === null ? null : defined.toFixed(12));
    }
  });
});

import { describe, expect, it } from 'vitest';
import { leastSamples, type Shown } from './least-samples.ts';

/** Pictures, each won, lost or unchanged, beside a margin. */
const pictures = (lost: number, won: number, margin: number): Shown[] => [
  { chance: lost, shown: margin - 1 },
  { chance: 1 - lost - won, shown: margin },
  { chance: won, shown: margin + 1 },
];

/** The divergence from the nearest world that loses just the margin, by trying them all. */
function nearest(lost: number, won: number, margin: number): number {
  const part = (own: number, other: number) => (own === 0 ? 0 : own * Math.log(own / other));
  let least = Infinity;
  for (let step = 1; step < 100_000; step += 1) {
    const otherWon = ((1 - margin) / 2) * (step / 100_000);
    const otherLost = otherWon + margin;
    const same = part(1 - lost - won, 1 - otherLost - otherWon);
    least = Math.min(least, part(lost, otherLost) + part(won, otherWon) + same);
  }
  return least;
}

describe('the least number of samples', () => {
  it.each([
    [0.5, 0.02, 0.05],
    [0.15, 0.02, 0.02],
    [0.3, 0.1, 0.05],
  ])('is what the nearest world that loses the margin leaves: %d lost, %d won, margin %d', (lost, won, margin) => {
    const bound = Math.log(100) / nearest(lost, won, margin);
    expect(leastSamples(pictures(lost, won, margin), 1 + margin, 0.01) / bound).toBeCloseTo(1, 3);
  });

  it('is the shorter the more is lost: where all is, the nearest world wins nearly as often as it loses', () => {
    expect(leastSamples([{ chance: 1, shown: -0.95 }], 1.05, 0.01)).toBeCloseTo(Math.log(100) / Math.log(2 / 1.05), 4);
  });

  it('is endless where no more is lost than may be', () => {
    expect(leastSamples(pictures(0.05, 0, 0.05), 1.05, 0.01)).toBe(Infinity);
    expect(leastSamples(pictures(0.1, 0.08, 0.05), 1.05, 0.01)).toBe(Infinity);
  });
});

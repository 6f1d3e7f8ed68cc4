import { describe, expect, it } from 'vitest';
import { mostRefused } from './most-refused.ts';

const world = (lost: number, won: number, margin: number) =>
  [
    { chance: lost, shown: margin - 1 },
    { chance: 1 - lost - won, shown: margin },
    { chance: won, shown: margin + 1 },
  ] as const;

describe('the largest share that any test can have refused', () => {
  it('is the chance of a heavy coin, where every picture is lost or won', () => {
    // Heads of 70% against heads of 52.5%, ten tosses: all ten are refused, and of nine as many as are left of the level.
    const [nine, ten] = [10 * 0.525 ** 9 * 0.475, 0.525 ** 10];
    const power = 0.7 ** 10 + ((0.01 - ten) / nine) * 10 * 0.7 ** 9 * 0.3;
    expect(mostRefused(world(0.7, 0.3, 0.05), 1.05, 0.01, 10)).toBeCloseTo(power, 6);
  });

  it('is the level itself where nothing more is lost than may be, and grows with what is asked', () => {
    expect(mostRefused(world(0.05, 0, 0.05), 1.05, 0.01, 30)).toBeCloseTo(0.01, 6);
    const after = [10, 30, 60, 120].map((samples) => mostRefused(world(0.25, 0.03, 0.05), 1.05, 0.01, samples));
    expect(after).toEqual(after.toSorted((a, b) => a - b));
    expect(after.at(-1)).toBeGreaterThan(0.9);
  });
});

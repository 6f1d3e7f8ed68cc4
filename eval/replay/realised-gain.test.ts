import { describe, expect, it } from 'vitest';
import { random } from '../stats/rng.ts';
import { realisedGain, type ShownToBoth } from './realised-gain.ts';

const clip = (truth: number, found: number, foundByReference: number, probability = 0.5): ShownToBoth => ({
  truth,
  found,
  foundByReference,
  probability,
});

describe('what footage that arrived shows of a release beside its reference', () => {
  it('is the difference of their recalls, each clip weighted by how likely it was drawn', () => {
    // (1/0.5 - 1/0.1) / (2/0.5 + 1/0.1) = -8 / 14.
    expect(realisedGain([[clip(2, 2, 1), clip(1, 0, 1, 0.1)]])).toMatchObject({ value: -8 / 14, clusters: 1, n: 2 });
  });

  it('has no interval below four nights, and is nothing where nothing happened', () => {
    const night = [clip(2, 2, 1)];
    expect(realisedGain([night, night, night])?.interval).toBeNull();
    expect(realisedGain([night, [clip(2, 1, 1)], night, night])?.interval).not.toBeNull();
    expect(realisedGain([[clip(0, 0, 0)]])).toBeNull();
  });

  it('is never sure beyond a half of an event, however alike the nights are', () => {
    const { interval } = realisedGain(Array.from({ length: 10 }, () => [clip(2, 2, 1)])) ?? { interval: null };
    expect((interval?.high ?? 0) - (interval?.low ?? 0)).toBeGreaterThan(0.01);
  });

  it('holds the true gain in about nine of ten seasons', () => {
    const next = random(3);
    const season = () =>
      Array.from({ length: 12 }, () => {
        const dark = next() < 0.3;
        return Array.from({ length: 4 }, () => {
          const truth = 1 + Math.floor(next() * 3);
          const seen = (recall: number) =>
            Array.from({ length: truth }, () => Number(next() < recall)).reduce((a, b) => a + b, 0);
          return clip(truth, seen(dark ? 0.6 : 0.9), seen(dark ? 0.5 : 0.8));
        });
      });
    const held = Array.from({ length: 400 }, () => realisedGain(season())?.interval).filter(
      (interval) => interval != null && interval.low <= 0.1 && 0.1 <= interval.high,
    ).length;
    expect(held / 400).toBeGreaterThan(0.86);
    expect(held / 400).toBeLessThan(0.94);
  });
});

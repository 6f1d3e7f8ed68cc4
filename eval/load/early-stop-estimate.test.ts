import { describe, expect, it } from 'vitest';
import { random } from '../stats/rng.ts';
import { earlyStopEstimate } from './early-stop-estimate.ts';

const ramp = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("MLPerf's estimate of a percentile", () => {
  it.each([
    [0.9, 64],
    [0.95, 130],
    [0.99, 662],
    [0.999, 6636],
  ])('of %f takes %i queries, and is then their longest', (share, fewest) => {
    expect(earlyStopEstimate(ramp(fewest - 1), share)).toBeNull();
    expect(earlyStopEstimate(ramp(fewest), share)).toBe(fewest);
  });

  it('comes closer to the percentile with more queries', () => {
    const of = (count: number) => (earlyStopEstimate(ramp(count), 0.9) ?? 0) / count;
    expect(of(1000)).toBeGreaterThan(0.9);
    expect(of(10_000)).toBeGreaterThan(0.9);
    expect(of(10_000)).toBeLessThan(of(1000));
    expect(of(10_000)).toBeLessThan(0.91);
  });

  it('is below the true percentile in about one run of a hundred', () => {
    const next = random(1);
    const runs = Array.from(
      { length: 2000 },
      () =>
        earlyStopEstimate(
          Array.from({ length: 300 }, () => next()),
          0.9,
        ) ?? 1,
    );
    const below = runs.filter((estimate) => estimate < 0.9).length;
    expect(below).toBeLessThanOrEqual(2000 * (0.01 + 2 * Math.sqrt((0.01 * 0.99) / 2000)));
    expect(below).toBeGreaterThan(0);
  });
});

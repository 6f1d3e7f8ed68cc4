import { describe, expect, it } from 'vitest';
import { measureForecasts, measureNaming } from './measured-worlds.fixture.ts';
import { ORDINARY_WORLD } from './worlds.fixture.ts';

/** The same in full: bench/confidence-worlds.ts, whose tables are in docs/measurements.md. Seeds are fixed: these are no dice. */
describe('in worlds whose truth is known', () => {
  it.each([
    ['predictive', 1, 40],
    ['useless', 3, 25],
    ['misleading', 3, 25],
  ] as const)('of a %s bench, %d sites and %d iterations, forecasts are as good as they say', (bench, sites, iterations) => {
    const { told, measured } = measureForecasts({ ...ORDINARY_WORLD, benches: [bench], sites }, iterations, 24);
    expect(measured).toBeGreaterThan(0.5);
    expect(told.brier / told.oracle).toBeLessThan(1.15);
    expect(told.held / told.n).toBeGreaterThan(0.85);
    expect(told.held / told.n).toBeLessThan(0.96);
  });

  it('five iterations suffice nowhere', () => {
    expect(measureForecasts({ ...ORDINARY_WORLD, sites: 3 }, 5, 5).measured).toBe(0);
  });

  it('a misleading set is named, and one that says nothing is not', () => {
    const misled = measureNaming({ ...ORDINARY_WORLD, sites: 3, benches: ['predictive', 'misleading'] }, 20, 8);
    expect(misled.named.length).toBeGreaterThanOrEqual(7);
    expect(misled.wrong).toEqual([]);
    expect(measureNaming({ ...ORDINARY_WORLD, sites: 3, benches: ['useless'] }, 14, 8).wrong).toEqual([]);
  });
});

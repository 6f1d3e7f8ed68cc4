import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../stats/rng.ts';
import { componentWeight, eBenjaminiHochberg, restartWeight } from './family.ts';
import { fixedShare, onsetOf } from './fixed-share.ts';

describe('e-BH', () => {
  it('is the Benjamini-Hochberg procedure on the reciprocals, as Wang and Ramdas define it', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { minLength: 1, maxLength: 12 }), (evalues) => {
        const ordered = evalues.toSorted((a, b) => b - a);
        const most = ordered.reduce((k, e, place) => ((e * (place + 1)) / evalues.length >= 1 / 0.1 ? place + 1 : k), 0);
        const rejected = eBenjaminiHochberg(evalues, 0.1);
        expect(rejected).toHaveLength(most);
        const kept = evalues.filter((_, index) => !rejected.includes(index));
        for (const index of rejected) for (const e of kept) expect(evalues[index]).toBeGreaterThanOrEqual(e);
      }),
    );
  });

  it('rejects by hand: 4 hypotheses at 10% need 40, 20, 13.3 and 10', () => {
    expect(eBenjaminiHochberg([39, 1, 1, 1], 0.1)).toEqual([]);
    expect(eBenjaminiHochberg([40, 1, 1, 1], 0.1)).toEqual([0]);
    expect(eBenjaminiHochberg([1, 21, 20, 1], 0.1)).toEqual([1, 2]);
  });
});

describe('the parts of the error', () => {
  it('of restarts add up to what was promised, and no more', () => {
    const sum = Array.from({ length: 5000 }, (_, run) => restartWeight(run)).reduce((total, part) => total + part, 0);
    expect(sum).toBeLessThanOrEqual(1);
    expect(sum).toBeGreaterThan(0.9999);
  });

  it('of a site and any number of slices add up to no more than the whole', () => {
    const slices = Array.from({ length: 5000 }, (_, slice) => componentWeight(slice)).reduce((total, part) => total + part, 0);
    expect(componentWeight(null) + slices).toBeLessThanOrEqual(1);
    expect(componentWeight(null) + slices).toBeGreaterThan(0.999);
  });
});

describe('shared wealth', () => {
  it('is kept by fair bets, whatever they are', () => {
    const next = random(2);
    let mean = 0;
    const runs = 20_000;
    for (let run = 0; run < runs; run += 1) {
      const purse = fixedShare(3, 0.05);
      for (let bet = 0; bet < 6; bet += 1) {
        const coin = next() < 0.5 ? 1 : -1;
        purse.bet([1, 1 + 0.5 * coin, 1 - 0.5 * coin]);
      }
      mean += purse.wealth() / runs;
    }
    expect(mean).toBeCloseTo(1, 1);
  });

  it('lets a bet that slept for long win again', () => {
    const purse = fixedShare(2, 0.05);
    for (let night = 0; night < 200; night += 1) purse.bet([1, 0.5]);
    const before = purse.wealth();
    for (let night = 0; night < 10; night += 1) purse.bet([1, 3]);
    expect(purse.wealth() / before).toBeGreaterThan(100);
  });

  it('places the change where the sum of logs from then on is largest', () => {
    expect(onsetOf([-1, -1, 2, -0.5, 2])).toEqual({ index: 2, sum: 3.5 });
    expect(onsetOf([-1, -1])).toEqual({ index: 2, sum: 0 });
  });
});

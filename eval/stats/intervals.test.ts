import { describe, expect, it } from 'vitest';
import { boundedMean, proportion, rate } from './absolute.ts';
import { bcaInterval } from './bootstrap.ts';
import { ASSUMED_BURST } from './dispersion.ts';
import { normalQuantile } from './distributions.ts';
import { clopperPearson, garwood, mcnemar, wilson } from './exact.ts';
import { minimumDetectableEffect, Z } from './level.ts';
import { random } from './rng.ts';
import { hodgesLehmann } from './hodges-lehmann.ts';
import { student } from './student.ts';
import { tangoInterval } from './tango.ts';

const at = (low: number, high: number, digits = 9) => ({ low: expect.closeTo(low, digits), high: expect.closeTo(high, digits) });
const Z975 = normalQuantile(0.975);
const WHERE_SCIPY = 'the same found by maximising the constrained likelihood with scipy.optimize 1.17.1';

describe("Tango's interval for paired proportions", () => {
  // Tango 1998, crossover trial of contact lens disinfection: n = 44, 90% interval -0.096 to 0.037. Fagerland, Lydersen and
  // Laake 2014, airway hyper-responsiveness (Bentur 2009): 1 and 7 of 21, 95% interval -0.517 to -0.026.
  it.each([
    ['as published in 1998', 0, 1, 44, Z, -0.096, 0.037, 3],
    ['as published by Fagerland et al.', 1, 7, 21, Z975, -0.517, -0.026, 3],
    [WHERE_SCIPY, 0, 1, 44, Z, -0.095662, 0.036517, 5],
    [WHERE_SCIPY, 40, 20, 160, Z975, 0.030865, 0.218064, 5],
    [WHERE_SCIPY, 3, 9, 32, Z975, -0.389697, 0.02709, 5],
    [WHERE_SCIPY, 12, 15, 200, Z, -0.059565, 0.028797, 5],
  ])('is %s: %d gained, %d lost of %d', (_, gained, lost, n, z, low, high, digits) => {
    expect(tangoInterval(gained, lost, n, z)).toEqual(at(low, high, digits - 1));
    expect(tangoInterval(lost, gained, n, z)).toEqual(at(-high, -low, digits - 1));
  });

  it('has a width where no pair differs', () => {
    expect(tangoInterval(0, 0, 52, Z)).toEqual(at(-0.049456, 0.049456, 5));
  });

  it('ends where all pairs were lost', () => {
    expect(tangoInterval(0, 10, 10, Z)).toEqual({ low: expect.closeTo(-1, 9), high: expect.any(Number) });
  });
});

describe('exact and score intervals agree with statsmodels 0.15.0', () => {
  it.each([
    [136, 200, 0.621478986229, 0.734476423468],
    [0, 52, 0, 0.0559821801262],
    [52, 52, 0.944017819874, 1],
    [7, 9, 0.450358350493, 0.958976832493],
  ])('Clopper-Pearson: %d of %d', (x, n, low, high) => expect(clopperPearson(x, n, 0.95)).toEqual(at(low, high)));

  it.each([
    [8, 10, 0.490162471537, 0.943317848546],
    [0, 15, 0, 0.203883301036],
    [136, 200, 0.612481015659, 0.740734666845],
  ])('Wilson: %d of %d', (x, n, low, high) => expect(wilson(x, n, Z975)).toEqual(at(low, high)));

  it.each([
    [0, 0, 2.99573227355],
    [3, 0.817691447164, 7.75365652793],
    [17, 10.8321403563, 25.4992300829],
  ])('exact Poisson limits of a count of %d (SciPy 1.17.1, chi-square form)', (count, low, high) =>
    expect(garwood(count, 0.95)).toEqual(at(low, high)),
  );

  it.each([
    [12, 15, 0.701108038425],
    [1, 7, 0.0703125],
    [0, 3, 0.25],
    [40, 20, 0.0134892937312],
  ])('exact McNemar: %d against %d', (gained, lost, p) => expect(mcnemar(gained, lost)).toBeCloseTo(p, 10));

  it('and McNemar finds nothing odd in no discordant pair', () => expect(mcnemar(0, 0)).toBe(1));
});

describe('the BCa bootstrap of a ratio of sums', () => {
  const differences = Float64Array.from([
    0, 1, -1, 0, 2, 0, 0, -1, 1, 0, 0, 3, -1, 0, 1, 0, -2, 0, 1, 0, 0, 1, 0, -1, 0, 0, 2, 0, -1, 1,
  ]);
  const weights = Float64Array.from([1, 2, 3, 2, 4, 1, 2, 3, 1, 2, 2, 5, 1, 1, 2, 3, 4, 2, 1, 1, 2, 2, 3, 1, 2, 1, 4, 2, 2, 3]);
  const bounds = (replicates: number, seed: number) =>
    bcaInterval({ differences, weights }, { z: Z, replicates, random: random(seed) });

  it('agrees with scipy.stats.bootstrap over 200000 replicates', () => {
    // Its bounds with seeds 1, 2 and 3: -0.04615, -0.04545, -0.04615 and 0.22727, 0.22727, 0.22785.
    const interval = bounds(200_000, 1);
    expect(interval.low).toBeCloseTo(-0.0459, 2.5);
    expect(interval.high).toBeCloseTo(0.2275, 2.5);
  });

  it('is the same for the same seed', () => {
    expect(bounds(2000, 5)).toEqual(bounds(2000, 5));
    expect(bounds(2000, 5)).not.toEqual(bounds(2000, 6));
  });
});

describe('a centre and its interval', () => {
  const values = [0.03, -0.01, 0.05, 0.02, -0.04, 0.07, 0.01, 0.06, -0.02, 0.04, 0.015, 0.033];

  it('of Hodges and Lehmann is the median of all Walsh averages', () => {
    // numpy 2: median of (x_i + x_j) / 2 over i <= j.
    expect(hodgesLehmann(values)).toBeCloseTo(0.02325, 12);
    expect(hodgesLehmann([...values.slice(1), 1000])).toBeLessThan(0.04);
  });

  it('of Student is that of scipy.stats.t.interval 1.17.1', () => {
    const { value, interval } = student(values);
    expect(value).toBeCloseTo(0.0215, 11);
    expect(interval?.low).toBeCloseTo(0.004472064957, 9);
    expect(interval?.high).toBeCloseTo(0.038527935043, 9);
  });

  it('of Student has no interval of one value', () => {
    expect(student([0.1])).toEqual({ value: 0.1, interval: null });
  });
});

describe('the interval of one model alone', () => {
  it('is the exact one for samples that stand for themselves', () => {
    const hits = Float64Array.from({ length: 200 }, (_, index) => (index < 136 ? 1 : 0));
    expect(proportion({ numerators: hits, denominators: new Float64Array(200).fill(1) })).toEqual({
      interval: at(0.621478986229, 0.734476423468),
      method: 'Clopper-Pearson exact',
    });
  });

  it('takes clusters that stand or fall together for one observation each', () => {
    const numerators = Float64Array.from({ length: 60 }, (_, index) => (index % 4 === 0 ? 0 : 5));
    const clustered = proportion({ numerators, denominators: new Float64Array(60).fill(5) }).interval;
    const alone = clopperPearson(45, 60, 0.95);
    expect(clustered?.low).toBeCloseTo(alone.low, 2);
    expect(clustered?.high).toBeCloseTo(alone.high, 2);
  });

  it('of a perfect record over clusters is no better than that many trials', () => {
    const fives = new Float64Array(60).fill(5);
    expect(proportion({ numerators: fives, denominators: fives }).interval?.low).toBeCloseTo(0.05 ** (1 / 60), 9);
  });

  it('of no false alarm in two hours is the rule of three, for as many at once as are assumed where none is seen', () => {
    const interval = rate({ numerators: new Float64Array(40), denominators: new Float64Array(40).fill(0.05) }).interval;
    expect(interval).toEqual(at(0, (ASSUMED_BURST * 2.99573227355) / 2));
  });

  it('is wider for false alarms that come in bursts', () => {
    const denominators = new Float64Array(40).fill(0.05);
    const single = rate({ numerators: new Float64Array(40).fill(1), denominators }).interval;
    const bursts = rate({
      numerators: Float64Array.from({ length: 40 }, (_, index) => (index % 10 === 0 ? 10 : 0)),
      denominators,
    });
    expect((bursts.interval?.high ?? 0) - 20).toBeGreaterThan(2 * ((single?.high ?? 0) - 20));
  });

  it('of a mean leaves room for what has not been seen', () => {
    const ones = new Float64Array(30).fill(1);
    const { interval } = boundedMean({ numerators: ones, denominators: ones }, 5, 1);
    expect(interval?.high).toBeCloseTo(1 + 4 * (1 - 0.05 ** (1 / 30)), 9);
  });

  it('is unknown of a single cluster', () => {
    const one = { numerators: Float64Array.of(3), denominators: Float64Array.of(4) };
    expect([proportion(one), rate(one), boundedMean(one, 5, 1)].map(({ interval }) => interval)).toEqual([null, null, null]);
  });
});

describe('the minimum detectable effect', () => {
  it('is 2.486 standard errors: 5% one-sided, 80% power', () => {
    expect(minimumDetectableEffect({ low: -Z, high: Z })).toBeCloseTo(2.48647486, 6);
  });
});

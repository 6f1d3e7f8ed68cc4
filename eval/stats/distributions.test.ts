import { describe, expect, it } from 'vitest';
import { betaQuantile, binomialCdf, gammaQuantile, normalCdf, normalQuantile, tQuantile } from './distributions.ts';
import { median, quantile } from './quantile.ts';
import { random, shuffled } from './rng.ts';

/** Reference numbers: SciPy 1.17.1 (scipy.stats.norm, t, beta, gamma, binom), NumPy 2.4.6 (numpy.quantile). */
const near = (theirs: number) => expect.closeTo(theirs, 10 - Math.floor(Math.log10(Math.abs(theirs))));

describe('distributions agree with SciPy', () => {
  it.each([
    [1e-12, -7.0344838253],
    [0.001, -3.09023230617],
    [0.05, -1.64485362695],
    [0.8, 0.841621233573],
    [0.95, 1.64485362695],
    [0.995, 2.57582930355],
  ])('on the normal quantile of %d', (p, z) => expect(normalQuantile(p)).toEqual(near(z)));

  it.each([
    [-8, 6.22096057427e-16],
    [-1.3, 0.0968004845856],
    [0, 0.5],
    [0.5, 0.691462461274],
    [3, 0.998650101968],
  ])('on the normal probability below %d', (z, p) => expect(normalCdf(z)).toEqual(near(p)));

  it.each([
    [0.95, 1, 6.31375151468],
    [0.95, 11, 1.7958848187],
    [0.975, 29, 2.04522964213],
    [0.999, 2.5, 13.8221931109],
    [0.05, 199, -1.65254674617],
  ])('on the t quantile of %d with %d degrees of freedom', (p, df, t) => expect(tQuantile(p, df)).toEqual(near(t)));

  it.each([
    [0.95, 1, 52, 0.0559821801262],
    [0.05, 136, 65, 0.621478986229],
    [0.025, 0.5, 3.7, 0.000141950167371],
    [0.95, 40001, 10000, 0.802939488976],
  ])('on the beta quantile of %d with shapes %d and %d', (p, a, b, x) => expect(betaQuantile(p, a, b)).toEqual(near(x)));

  it.each([
    [0.95, 1, 2.99573227355],
    [0.05, 3.3, 0.97507378277],
    [0.95, 250, 276.563404467],
    [0.95, 1e5, 100520.716282],
  ])('on the gamma quantile of %d with shape %d', (p, shape, x) => expect(gammaQuantile(p, shape)).toEqual(near(x)));

  it.each([
    [10, 30, 0.5, 0.0493685733527],
    [0, 59, 0.05, 0.0484945252494],
    [950, 1000, 0.95, 0.520258942913],
  ])('on the binomial probability of at most %d of %d at %d', (k, n, p, probability) =>
    expect(binomialCdf(k, n, p)).toEqual(near(probability)),
  );
});

describe('a quantile', () => {
  it('is interpolated as NumPy does', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    expect([0.1, 0.5, 0.9].map((p) => quantile(values, p))).toEqual([1, 3.5, expect.closeTo(6.9, 12)]);
  });

  it('of nothing is not a number', () => {
    expect(median([])).toBeNaN();
  });
});

const draw = (seed: number) => Array.from({ length: 4 }, random(seed));

describe('random numbers', () => {
  it('are the same for the same seed, and others for others', () => {
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(2 ** 40)).not.toEqual(draw(2 ** 41));
  });

  it('are spread evenly', () => {
    const next = random(3);
    const cells = Array.from({ length: 16 }, () => 0);
    for (let drawn = 0; drawn < 16_000; drawn += 1) {
      const cell = Math.floor(next() * 16);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    const chiSquare = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(30.6); // scipy.stats.chi2.ppf(.99, 15)
  });

  it('shuffle a list without losing any of it', () => {
    const items = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(shuffled(items, random(1)).toSorted((a, b) => a - b)).toEqual(items);
    expect(shuffled(items, random(1))).not.toEqual(items);
  });
});

import { describe, expect, it } from 'vitest';
import type { ClusterSums } from '../bootstrap.ts';
import { normalQuantile } from '../distributions.ts';
import type { Candidate } from './candidate.ts';
import { adjustedLikelihood, likelihood, likelihoodInterval } from './likelihood.ts';
import { sandwich } from './sandwich.ts';
import { studentised } from './studentised.ts';
import { tilting } from './tilting.ts';
import { wild } from './wild.ts';

const alike = (values: readonly number[]): ClusterSums => ({
  differences: Float64Array.from(values),
  weights: new Float64Array(values.length).fill(1),
});
const repeated = (value: number, count: number) => Array.from({ length: count }, () => value);

const smooth = alike([0.03, -0.01, 0.05, 0.02, -0.04, 0.07, 0.01, 0.06, -0.02, 0.04, 0.015, 0.033]);
const skewed = alike([...repeated(0, 20), -1, -1, -1, 1, -0.5, -0.2]);
/** So many lost of so many that are right or wrong. */
const binary = (lost: number, n: number) => alike([...repeated(-1, lost), ...repeated(0, n - lost)]);
const near = (low: number, high: number, digits: number) => ({
  low: expect.closeTo(low, digits),
  high: expect.closeTo(high, digits),
});

describe('empirical likelihood is that of statsmodels 0.15.0 (DescStat.ci_mean, by its chi-square)', () => {
  it.each([
    ['smooth values', smooth, 0.005676166, 0.035735676],
    ['skewed values', skewed, -0.243780227, 0.028876455],
  ])('of %s', (_, sums, low, high) => {
    expect(likelihoodInterval(sums, normalQuantile(0.95) ** 2)).toEqual(near(low, high, 5));
  });

  it('is wider with a pseudo-observation, and has a width where nothing differs', () => {
    expect(adjustedLikelihood(skewed, 1).low).toBeLessThan(likelihood(skewed, 1).low);
    expect(adjustedLikelihood(binary(0, 60), 1).low).toBeLessThan(-0.03);
  });
});

describe('CR2 with Satterthwaite', () => {
  it("is Student's where clusters are alike (scipy.stats.t.interval 1.17.1)", () => {
    expect(sandwich(smooth, 1)).toEqual(near(0.004472065, 0.038527935, 8));
    expect(sandwich(skewed, 1)).toEqual(near(-0.2380047, 0.0303124, 6));
  });

  it('counts a giant among clusters for little more than one', () => {
    const [low, high] = [sandwich(skewed, 1), sandwich({ ...skewed, weights: skewed.weights.with(25, 40) }, 1)];
    expect(high.high - high.low).not.toBeCloseTo(low.high - low.low, 3);
  });
});

describe('the tilted bootstrap', () => {
  it('is the exact binomial, but for half the chance of what was seen (scipy.stats.binom 1.17.1)', () => {
    expect(tilting(binary(5, 60), 1)).toEqual(near(-0.1584, -0.0376, 2));
  });

  it('is nearly what the studentised bootstrap is where values are smooth', () => {
    const [tilted, drawn] = [tilting(smooth, 1), studentised(smooth, 1)];
    expect(tilted.low).toBeCloseTo(drawn.low, 2);
    expect(tilted.high).toBeCloseTo(drawn.high, 2);
  });
});

describe('bootstraps', () => {
  it.each<[string, Candidate]>([
    ['studentised', studentised],
    ['wild', wild],
  ])("come near Student's where values are smooth: %s", (_, candidate) => {
    const student = sandwich(smooth, 1);
    expect(candidate(smooth, 1)).toEqual(near(student.low, student.high, 2));
    expect(candidate(smooth, 1)).toEqual(candidate(smooth, 1));
  });

  it('have no width where nothing differs, which is why a gate cannot rest on them', () => {
    for (const candidate of [studentised, wild, tilting]) {
      expect(candidate(binary(0, 60), 1)).toEqual({ low: expect.closeTo(0, 12), high: expect.closeTo(0, 12) });
    }
  });

  it('studentised ones follow the skewness of what is lost', () => {
    const { low, high } = studentised(skewed, 1);
    const mean = -3.7 / 26 + 1 / 26;
    expect(mean - low).toBeGreaterThan(high - mean);
  });
});

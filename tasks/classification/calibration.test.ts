import { describe, expect, it } from 'vitest';
import { scikitLearn } from '../scikit-learn.fixture.ts';
import { brier } from './brier.ts';
import { calibrationError } from './calibration-error.ts';
import { explainReliability, murphyTerms, reliabilityOf } from './reliability.ts';
import type { RankedTrial } from './trial.ts';

const trial = (confidence: number | null, right: boolean, index = 0): RankedTrial => ({
  id: `${index}.png`,
  ranked: right ? [0, 1] : [1, 0],
  scores: [confidence ?? 2, 0],
  more: 0,
  truth: 0,
  confidence,
  slices: {},
  cluster: `${index}.png`,
  site: null,
  seconds: null,
});

const brierOf = (trials: readonly RankedTrial[]) => {
  const totals = trials.map((one) => brier.totals(one));
  return (
    totals.reduce((sum, { numerator }) => sum + numerator, 0) / totals.reduce((sum, { denominator }) => sum + denominator, 0)
  );
};
const once = (trials: readonly RankedTrial[]) => new Float64Array(trials.length).fill(1);

describe.each(scikitLearn.calibration.map((reference, index) => [index, reference] as const))(
  'the confidence of list %d',
  (_, { confidence, right, ...expected }) => {
    const trials = confidence.map((one, index) => trial(one, right[index] === '1', index));

    it('has the Brier score of scikit-learn, and the debiased calibration error of its authors', () => {
      expect(brierOf(trials)).toBeCloseTo(expected.brier, 12);
      expect(calibrationError.prepare(trials).value(once(trials))).toBeCloseTo(expected.calibrationError, 12);
    });

    it('is split into three terms, whose sum is the Brier score of the means of the bins', () => {
      const bins = reliabilityOf(trials)?.(once(trials)) ?? [];
      const { reliability, resolution, uncertainty } = murphyTerms(bins);
      const ofMeans = bins.reduce(
        (sum, { weight, confidence: p, right: share }) => sum + weight * (share * (1 - p) ** 2 + (1 - share) * p ** 2),
        0,
      );
      expect(reliability - resolution + uncertainty).toBeCloseTo(ofMeans / trials.length, 12);
    });
  },
);

describe('a model that is sure', () => {
  const always = (confidence: number, right: number) =>
    Array.from({ length: 100 }, (_, index) => trial(confidence, index < right, index));

  it.each([
    [1, 100, 0, 0],
    [1, 0, 1, 1],
    [0.75, 75, 0.1875, 0],
  ])('by %d, and right in %d of 100', (confidence, right, score, error) => {
    const trials = always(confidence, right);
    expect(brierOf(trials)).toBeCloseTo(score, 12);
    expect(calibrationError.prepare(trials).value(once(trials))).toBeCloseTo(error, 12);
  });

  it('counts a sample as often as its weight says', () => {
    const [trials, weights] = [always(0.5, 50), Float64Array.from({ length: 100 }, (_, index) => index % 3)];
    const repeated = trials.flatMap((one, index) => Array.from({ length: index % 3 }, () => one));
    expect(calibrationError.prepare(trials).value(weights)).toBeCloseTo(
      calibrationError.prepare(repeated).value(once(repeated)) ?? Number.NaN,
      12,
    );
  });
});

it('scores that are no probabilities have no calibration', () => {
  const logits = [trial(null, true), trial(null, false, 1)];
  expect(brierOf(logits)).toBeNaN();
  expect(calibrationError.prepare(logits)).toMatchObject({ missing: 'no probabilities: some scores lie outside of 0 to 1' });
  expect(explainReliability(logits)).toBeNull();
});

import { describe, expect, it } from 'vitest';
import type { PooledMetric } from '../metric.ts';
import { scikitLearn } from '../scikit-learn.fixture.ts';
import { accuracy, foldAccuracy } from './accuracy.ts';
import { failureToEnrol } from './failure-to-enrol.ts';
import { pairAuroc } from './pair-auroc.ts';
import { pairTrial } from './pairs.fixture.ts';
import { tarAtFar } from './tar-at-far.ts';
import type { PairTrial } from './trial.ts';

const [tar100, tar1000, tar10000] = tarAtFar;
const once = (trials: readonly PairTrial[]) => new Float64Array(trials.length).fill(1);
const closeTo = (value: number): unknown => expect.closeTo(value, 12);
const valueOf = (metric: PooledMetric<PairTrial> | undefined, trials: readonly PairTrial[], weights = once(trials)) =>
  metric?.prepare(trials).value(weights) ?? null;

describe.each(scikitLearn.verification.map((reference) => [reference.score.length, reference] as const))(
  'of %d pairs, with ties and failures, scikit-learn says the same',
  (_, { same, score, weight, ...expected }) => {
    const trials = score.map((one, index) => pairTrial(index, { same: same[index] === '1', score: one, fold: index % 10 }));
    const weights = Float64Array.from(weight, Number);

    it('of the area under the ROC curve', () => {
      expect(valueOf(pairAuroc, trials)).toBeCloseTo(expected.auroc, 12);
      expect(valueOf(pairAuroc, trials, weights)).toBeCloseTo(expected.weightedAuroc, 12);
    });

    it('of true accepts at a rate of false ones, where the pairs can show it', () => {
      expect(valueOf(tar100, trials)).toBeCloseTo(expected.tar['1e-2'], 12);
      expect(valueOf(tar100, trials, weights)).toBeCloseTo(expected.weightedTar['1e-2'], 12);
      const canShow = trials.filter((trial) => !trial.same).length >= 1000;
      expect(valueOf(tar1000, trials, weights)).toEqual(canShow ? closeTo(expected.weightedTar['1e-3']) : null);
    });

    it('of the accuracy over folds, and its standard error', () => {
      const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(valueOf(accuracy, trials)).toBeCloseTo(mean(expected.folds), 12);
      expect(valueOf(accuracy, trials, weights)).toBeCloseTo(mean(expected.weightedFolds), 12);
      const spread = expected.folds.reduce((sum, one) => sum + (one - mean(expected.folds)) ** 2, 0) / 9;
      expect(foldAccuracy(trials)?.standardError).toBeCloseTo(Math.sqrt(spread / 10), 12);
    });
  },
);

describe('what the pairs cannot show', () => {
  const pairs = (sames: number, differents: number) =>
    Array.from({ length: sames + differents }, (_, index) =>
      pairTrial(index, { same: index < sames, score: index < sames ? 1 : 0 }),
    );

  it.each([
    [tar100, 100, true],
    [tar100, 99, false],
    [tar1000, 1000, true],
    [tar1000, 999, false],
    [tar10000, 10_000, true],
    [tar10000, 9999, false],
  ])('is not defined, and no zero: %o of %d different pairs', (metric, differents, isDefined) => {
    expect(valueOf(metric, pairs(3, differents))).toBe(isDefined ? 1 : null);
  });

  it('is said', () => {
    expect(tar1000?.prepare(pairs(3, 300)).missing).toBe(
      '300 different pairs, and 1000 is the least in which such a rate can be seen',
    );
    expect(tar100?.prepare(pairs(0, 300)).missing).toBe('no pairs of the same');
    expect(accuracy.prepare(pairs(3, 3)).missing).toBe('no folds among 6 pairs');
  });

  it('is nobody of the same or of different, for the area', () => {
    expect(valueOf(pairAuroc, pairs(3, 0))).toBeNull();
  });
});

describe('scores that are equal', () => {
  const all = (score: number | null) => Array.from({ length: 200 }, (_, index) => pairTrial(index, { same: index < 100, score }));

  it('are accepted together or not at all: a model that says the same of all tells nothing apart', () => {
    expect(valueOf(tar100, all(0.5))).toBe(0);
    expect(valueOf(pairAuroc, all(0.5))).toBe(0.5);
  });

  it('of pairs that failed are accepted by no threshold', () => {
    const failing = all(null).map((trial, index) => (index < 50 ? { ...trial, score: 0.9 } : trial));
    expect(valueOf(tar100, failing)).toBe(0.5);
  });
});

describe('failure to enrol', () => {
  const trials = [
    pairTrial(0, { a: 'x', b: 'y', score: null, notFound: ['x'] }),
    pairTrial(1, { a: 'x', b: 'z', score: null, notFound: ['x'] }),
    pairTrial(2, { a: 'y', b: 'z' }),
    pairTrial(3, { a: 'u', b: 'v' }),
  ];

  it('is the share of pictures, each counted once', () => {
    expect(valueOf(failureToEnrol, trials)).toBeCloseTo(1 / 5, 12);
  });

  it('weighs a picture as its pairs are weighed on average', () => {
    expect(valueOf(failureToEnrol, trials, Float64Array.of(0, 2, 1, 1))).toBeCloseTo(1 / (1 + 0.5 + 1.5 + 2), 12);
  });
});

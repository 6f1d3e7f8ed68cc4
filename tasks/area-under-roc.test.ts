import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderRoc } from './area-under-roc.ts';

type Case = { score: number; positive: boolean };

const once = (cases: readonly Case[]) => new Float64Array(cases.length).fill(1);
const area = (cases: readonly Case[], weights = once(cases)) => areaUnderRoc(cases).value(weights);

/** As it is defined: the share of pairs in which the positive case has the higher score, ties counted half. */
function byPairs(cases: readonly Case[]): number | null {
  const [positives, negatives] = [cases.filter(({ positive }) => positive), cases.filter(({ positive }) => !positive)];
  const wins = positives.flatMap((one) =>
    negatives.map((other) => (one.score > other.score ? 1 : one.score === other.score ? 0.5 : 0)),
  );
  return wins.length === 0 ? null : wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
}

/** Sums of halves over whole numbers of pairs differ in their last digits alone. */
const rounded = (value: number | null) => value?.toFixed(10) ?? null;

const cases = fc.array(fc.record({ score: fc.integer({ min: 0, max: 6 }), positive: fc.boolean() }), { maxLength: 40 });

describe('the area under a ROC curve', () => {
  it('is that of the textbook (Fawcett 2006, and roc_auc_score of scikit-learn)', () => {
    const scores = [0.1, 0.4, 0.35, 0.8];
    const labelled = scores.map((score, index) => ({ score, positive: index >= 2 }));
    expect(area(labelled)).toBe(0.75);
    const tied = [0.5, 0.5, 0.5, 0.9].map((score, index) => ({ score, positive: index % 2 === 1 }));
    expect(area(tied)).toBe(0.75);
  });

  it('is the share of pairs that are in order', () => {
    fc.assert(
      fc.property(cases, (list) => {
        expect(rounded(area(list))).toBe(rounded(byPairs(list)));
      }),
    );
  });

  it('counts a case as often as its weight says', () => {
    fc.assert(
      fc.property(cases, fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 40, maxLength: 40 }), (list, weights) => {
        const repeated = list.flatMap((one, index) => Array.from({ length: weights[index] ?? 0 }, () => one));
        const counted = area(
          list,
          Float64Array.from(list, (_, index) => weights[index] ?? 0),
        );
        expect(rounded(counted)).toBe(rounded(area(repeated)));
      }),
    );
  });

  it('rests on the rarer kind, and is not defined where there is but one', () => {
    expect(areaUnderRoc([1, 2, 3].map((score) => ({ score, positive: score > 1 }))).support).toBe(1);
    expect(area([{ score: 1, positive: true }])).toBeNull();
    expect(area([])).toBeNull();
  });
});

import type { PooledMetric, Prepared } from '../metric.ts';
import { isRight, type RankedTrial } from './trial.ts';

/**
 * The area under the ROC curve of the best class's score as a test of whether the answer is right: the chance that a right answer
 * has a higher score than a wrong one, ties counted half (Hendrycks and Gimpel, "A Baseline for Detecting Misclassified and
 * Out-of-Distribution Examples in Neural Networks", ICLR 2017; the area is that of Mann and Whitney 1947). Beside top-1 it says
 * whether the model's confidence can be trusted: 0.5 is a coin. Not defined where all answers are right, or all wrong.
 */
export const auroc: PooledMetric<RankedTrial> = {
  name: 'auroc',
  kind: 'pooled',
  unit: 'fraction',
  better: 'more',
  inWords: 'how well its confidence tells right answers from wrong ones',
  counted: 'right and wrong answers',
  prepare: (trials) =>
    areaUnderRoc(trials.map((trial) => ({ score: trial.scores[0] ?? Number.NEGATIVE_INFINITY, positive: isRight(trial) }))),
};

/** Sorted once; then each set of weights takes one pass from the lowest score to the highest. */
export function areaUnderRoc(cases: readonly { score: number; positive: boolean }[]): Prepared {
  const order = cases.map((_, index) => index).toSorted((a, b) => scoreAt(cases, a) - scoreAt(cases, b));
  /** Where in that order a new score begins. */
  const begins = order.map((at, place) => place === 0 || scoreAt(cases, at) !== scoreAt(cases, order[place - 1] ?? at));
  const value = (weights: Float64Array) => {
    let [negativesBelow, negatives, positives, tiedNegatives, tiedPositives, wins] = [0, 0, 0, 0, 0, 0];
    const closeTie = () => {
      wins += tiedPositives * (negativesBelow + tiedNegatives / 2);
      negativesBelow += tiedNegatives;
      [tiedNegatives, tiedPositives] = [0, 0];
    };
    for (const [place, at] of order.entries()) {
      if (begins[place] === true) closeTie();
      const weight = weights[at] ?? 0;
      if (cases[at]?.positive === true) {
        tiedPositives += weight;
        positives += weight;
      } else {
        tiedNegatives += weight;
        negatives += weight;
      }
    }
    closeTie();
    return positives > 0 && negatives > 0 ? wins / (positives * negatives) : null;
  };
  const positive = cases.filter((one) => one.positive).length;
  return { value, support: Math.min(positive, cases.length - positive) };
}

function scoreAt(cases: readonly { score: number }[], at: number): number {
  return cases[at]?.score ?? Number.NEGATIVE_INFINITY;
}

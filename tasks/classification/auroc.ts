import { areaUnderRocOf } from '../area-under-roc.ts';
import type { PooledMetric } from '../metric.ts';
import { settleTies } from './ties.ts';
import { isRight, type RankedTrial } from './trial.ts';

/**
 * The area under the ROC curve of the best class's score as a test of whether the answer is right: the chance that a right answer
 * has a higher score than a wrong one, ties counted half (Hendrycks and Gimpel, "A Baseline for Detecting Misclassified and
 * Out-of-Distribution Examples in Neural Networks", ICLR 2017; the area is that of Mann and Whitney 1947). Beside top-1 it says
 * whether the model's confidence can be trusted: 0.5 is a coin. Not defined where all answers are right, or all wrong.
 */
export const auroc: PooledMetric<RankedTrial> = {
  name: 'auroc',
  title: 'area under the ROC curve',
  kind: 'pooled',
  unit: 'fraction',
  better: 'more',
  inWords: 'how well its confidence tells right answers from wrong ones',
  counted: 'right and wrong answers',
  settled: settleTies,
  prepare: (trials) =>
    areaUnderRocOf(
      Float64Array.from(trials, ({ scores }) => scores[0] ?? Number.NEGATIVE_INFINITY),
      Uint8Array.from(trials, (trial) => Number(isRight(trial))),
    ),
};

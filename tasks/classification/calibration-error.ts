import type { PooledMetric } from '../metric.ts';
import { reliabilityOf } from './reliability.ts';
import { settleTies } from './ties.ts';
import type { RankedTrial } from './trial.ts';

const NO_PROBABILITIES = 'no probabilities: some scores lie outside of 0 to 1';

/**
 * How far the score of the best class is from the share of such answers that are right: the root of the mean square over 15 bins of
 * equal size, less what chance alone adds (Kumar, Liang and Ma, "Verified Uncertainty Calibration", NeurIPS 2019; that the usual
 * estimate is biased, and most for well calibrated models, is also Roelofs et al., AISTATS 2022). 0 where chance explains all of it.
 */
export const calibrationError: PooledMetric<RankedTrial> = {
  name: 'calibration-error',
  kind: 'pooled',
  unit: 'fraction',
  better: 'less',
  inWords: 'how far its confidence is from the share that is right',
  counted: 'samples with a probability as score',
  settled: settleTies,
  prepare: (trials) => {
    const bins = reliabilityOf(trials);
    if (bins === null) return { value: () => null, support: 0, missing: NO_PROBABILITIES };
    return {
      value: (weights) => {
        const all = bins(weights);
        const total = all.reduce((sum, { weight }) => sum + weight, 0);
        if (total === 0) return null;
        const square = all.reduce((sum, { weight, confidence, right }) => {
          if (weight < 2) return sum;
          return sum + weight * ((confidence - right) ** 2 - (right * (1 - right)) / (weight - 1));
        }, 0);
        return Math.sqrt(Math.max(0, square / total));
      },
      support: trials.length,
    };
  },
};

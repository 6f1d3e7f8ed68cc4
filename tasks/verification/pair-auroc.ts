import { areaUnderRocOf } from '../area-under-roc.ts';
import type { PooledMetric } from '../metric.ts';
import { orderOf } from './confused.ts';
import type { PairTrial } from './trial.ts';

/**
 * The area under the ROC curve of how alike two pictures look, as a test of whether they show the same: the chance that a same pair
 * looks more alike than a different one, ties counted half. A pair that failed looks less alike than any other.
 */
export const pairAuroc: PooledMetric<PairTrial> = {
  name: 'pair-auroc',
  title: 'area under the ROC curve of pairs',
  kind: 'pooled',
  unit: 'fraction',
  better: 'more',
  inWords: 'how well its similarity tells same pairs from different ones',
  counted: 'same and different pairs',
  clusters: 'identities',
  prepare: (trials) =>
    areaUnderRocOf(
      Float64Array.from(trials, (trial) => orderOf(trial)),
      Uint8Array.from(trials, ({ same }) => Number(same)),
    ),
};

import type { PooledMetric } from '../../metric.ts';
import { whatCounts, type DetectionTrial } from '../trial.ts';

/** The share of boxes at or above the model's own threshold that are on a true one. Two models have other boxes: so it is of the whole. */
export const precisionAtThreshold: PooledMetric<DetectionTrial> = {
  name: 'precision-at-threshold',
  kind: 'pooled',
  unit: 'fraction',
  better: 'more',
  inWords: 'the share of its boxes, at its own threshold, that are right',
  counted: 'pictures with a box that counts',
  needs: { metric: 'recall-at-threshold', because: 'a model that finds one thing and is right would pass' },
  prepare(trials) {
    const counts = trials.map((trial) => whatCounts(trial));
    const right = Float64Array.from(counts, (one) => one.right.length);
    const all = Float64Array.from(counts, (one) => one.right.length + one.wrong.length);
    return {
      value(weights) {
        const boxes = dot(weights, all);
        return boxes > 0 ? dot(weights, right) / boxes : null;
      },
      support: all.filter((count) => count > 0).length,
    };
  },
};

function dot(weights: Float64Array, values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += (weights[at] ?? 0) * (values[at] ?? 0);
  return sum;
}

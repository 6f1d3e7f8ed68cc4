import type { PooledMetric } from '../metric.ts';
import type { PairTrial } from './trial.ts';

/**
 * The share of pictures in which the model finds nothing to compare (ISO/IEC 19795-1:2021, failure to enrol). Each picture counts
 * once, however many pairs it is in; with weights, as much as its pairs do on average.
 */
export const failureToEnrol: PooledMetric<PairTrial> = {
  name: 'failure-to-enrol',
  kind: 'pooled',
  unit: 'fraction',
  better: 'less',
  inWords: 'the share of pictures in which nothing is found to compare',
  counted: 'pictures',
  clusters: 'identities',
  prepare: (trials) => {
    const pictures = [...new Set(trials.flatMap(({ a, b }) => [a, b]))];
    const places = new Map(pictures.map((id, index) => [id, index]));
    const [first, second] = [
      Uint32Array.from(trials, ({ a }) => places.get(a) ?? 0),
      Uint32Array.from(trials, ({ b }) => places.get(b) ?? 0),
    ];
    const failed = new Uint8Array(pictures.length);
    for (const id of trials.flatMap(({ notFound }) => notFound)) failed[places.get(id) ?? 0] = 1;
    const share = new Float64Array(pictures.length);
    for (const at of [...first, ...second]) share[at] = (share[at] ?? 0) + 1;
    return {
      value: (weights) => {
        let [missed, all] = [0, 0];
        for (let at = 0; at < weights.length; at += 1) {
          for (const picture of [first[at] ?? 0, second[at] ?? 0]) {
            const part = (weights[at] ?? 0) / (share[picture] ?? 1);
            all += part;
            missed += part * (failed[picture] ?? 0);
          }
        }
        return all > 0 ? missed / all : null;
      },
      support: pictures.length,
    };
  },
};

import type { PooledMetric, Prepared, Trial } from '#tasks';
import { footageOf } from './footage.ts';
import type { Asked, Gain } from './asked.ts';
import { dataThatDecides } from './more-data.ts';
import { placesOfClusters } from './paired-trials.ts';
import { estimatePooledDifference } from './stats/pooled-difference.ts';
import { remedyFor } from './wording.ts';

/** The gain in a function of all trials at once; null where it is not defined for either side. */
export function pooledGain({ metric, key, trials, seed }: Asked<PooledMetric<Trial>>): Gain | null {
  const pairs = trials.every((pair) => pair.reference !== null) ? trials : trials.filter((pair) => pair.reference !== null);
  const candidate = metric.prepare(pairs.map((pair) => pair.candidate));
  const reference = metric.prepare(pairs.flatMap((pair) => pair.reference ?? []));
  const once = new Float64Array(pairs.length).fill(1);
  const [ofCandidate, ofReference] = [candidate.value(once), reference.value(once)];
  if (ofCandidate === null || ofReference === null) return null;
  const sign = metric.better === 'more' ? 1 : -1;
  const clusters = placesOfClusters(pairs);
  const footage = footageOf(pairs, clusters, metric);
  const estimate = estimatePooledDifference(
    {
      statistic: (weights) => difference(candidate.value(weights), reference.value(weights), sign),
      clusters,
      unit: footage.unit,
      support: Math.min(candidate.support, reference.support),
      ...shareOfBoth(candidate, reference),
      counted: metric.counted,
    },
    seed,
  );
  const { value, interval, method, expected } = estimate;
  const remedy = () =>
    expected === null ? `add ${footage.unit}: ${method}` : remedyFor(dataThatDecides(expected, key.margin), footage);
  return {
    candidate: ofCandidate,
    reference: ofReference,
    value,
    interval,
    method,
    clusters: clusters.length,
    change: '',
    remedy,
  };
}

/** Of one model over these trials; null where it is not defined. */
export function pooledValue(metric: PooledMetric<Trial>, trials: readonly Trial[]): number | null {
  return metric.prepare(trials).value(new Float64Array(trials.length).fill(1));
}

function difference(candidate: number | null, reference: number | null, sign: 1 | -1): number | null {
  return candidate === null || reference === null ? null : sign * (candidate - reference);
}

function shareOfBoth(candidate: Prepared, reference: Prepared): Pick<Prepared, 'shareOf'> {
  const [ofCandidate = candidate.support, ofReference = reference.support] = [candidate.shareOf, reference.shareOf];
  return { shareOf: Math.min(ofCandidate, ofReference) };
}

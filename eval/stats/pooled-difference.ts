import type { Interval } from '../gate.ts';
import { hull } from './hull.ts';
import { Z } from './level.ts';
import { summarise } from './paired-clusters.ts';
import { estimatePooled, type Pooled, type PooledEstimate } from './pooled.ts';
import { ADJUSTED_TANGO, adjustedTango } from './rare-difference.ts';
import { random, shuffled } from './rng.ts';

/** So many groups of clusters are left out in turn, where there are more clusters: of single ones it would cost the square of the data. */
const GROUPS = 1000;

/**
 * The difference of two models in a function of all trials. A bootstrap knows the clusters that were seen to differ; what is lost in whole
 * scenes is mostly not seen. So the interval is no narrower than the score limits on effective clusters, which expect that, of the
 * jackknife's pseudo-values (Tukey 1958; Miller 1974, Biometrika 61:1): what each cluster would have won or lost, were the function a ratio of
 * sums over clusters. Trials of two clusters, such as pairs of two identities, are left to the bootstrap.
 */
export function estimatePooledDifference(pooled: Pooled, seed: number): PooledEstimate {
  const estimate = estimatePooled(pooled, seed);
  const { value, interval, method } = estimate;
  const scenes = interval === null || standInTwo(pooled) ? null : sceneLimits(pooled, value, seed);
  if (interval === null || scenes === null) return estimate;
  const both = hull(interval, scenes);
  return {
    ...estimate,
    interval: both,
    method: `${method}, no narrower than ${ADJUSTED_TANGO}`,
    expected: (by) => ({
      low: value - (value - both.low) / Math.sqrt(by),
      high: value + (both.high - value) / Math.sqrt(by),
    }),
  };
}

function standInTwo({ clusters }: Pooled): boolean {
  const members = clusters.reduce((sum, own) => sum + own.length, 0);
  const seen = new Uint8Array(members);
  let twice = false;
  for (const own of clusters) {
    for (const trial of own) {
      // Places run from 0 to the number of trials: one beyond the sum of all is of a list in which others stand twice.
      twice ||= trial >= members || seen[trial] === 1;
      seen[trial] = 1;
    }
  }
  return twice;
}

/** Null where it is not defined without some group. */
function sceneLimits({ statistic, clusters }: Pooled, value: number, seed: number): Interval | null {
  const groups = groupsOf(clusters, seed);
  const size = groups.reduce((sum, members) => sum + members.length, 0);
  const weights = new Float64Array(size).fill(1);
  const [gained, lost] = [new Float64Array(groups.length), new Float64Array(groups.length)];
  const pseudo = new Float64Array(groups.length);
  for (const [at, members] of groups.entries()) {
    for (const trial of members) weights[trial] = 0;
    const without = statistic(weights);
    for (const trial of members) weights[trial] = 1;
    if (without === null) return null;
    pseudo[at] = value * members.length + (value - without) * (size - members.length);
  }
  // They sum to the estimate less its bias; what is judged is the estimate.
  const bias = value - pseudo.reduce((sum, own) => sum + own, 0) / size;
  for (const [at, members] of groups.entries()) {
    const own = (pseudo[at] ?? 0) + bias * members.length;
    gained[at] = Math.max(0, own);
    lost[at] = Math.max(0, -own);
  }
  const sizes = Float64Array.from(groups, (members) => members.length);
  return adjustedTango(summarise({ gained, lost, weights: sizes }), 1, Z);
}

function groupsOf(clusters: Pooled['clusters'], seed: number): readonly (readonly number[])[] {
  if (clusters.length <= GROUPS) return clusters;
  const groups = Array.from({ length: GROUPS }, (): number[] => []);
  for (const [at, members] of shuffled(clusters, random(seed)).entries()) groups[at % GROUPS]?.push(...members);
  return groups;
}

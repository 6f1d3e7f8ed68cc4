import type { Interval } from '../gate.ts';
import { expandedZ } from './bootstrap.ts';
import { normalCdf } from './distributions.ts';
import { quantileSorted } from './quantile.ts';
import { random } from './rng.ts';

const REPLICATES = 400;

/**
 * The interval of any statistic of whole clusters: percentiles of a bootstrap over them, expanded for few clusters (Hesterberg 2015).
 * @param statistic of a draw of clusters; null where it is not defined there
 * @returns null where there are too few clusters, or draws in which it is defined, to say
 */
export function clusterPercentiles<T>(
  clusters: readonly T[],
  statistic: (drawn: readonly T[]) => number | null,
  seed: number,
): Interval | null {
  if (clusters.length < 2) return null;
  const next = random(seed);
  const drawn: number[] = [];
  for (let replicate = 0; replicate < REPLICATES; replicate += 1) {
    const draw = Array.from(clusters, () => clusters[Math.floor(next() * clusters.length)] as T);
    const value = statistic(draw);
    if (value !== null) drawn.push(value);
  }
  if (drawn.length < REPLICATES / 2) return null;
  const sorted = Float64Array.from(drawn).toSorted();
  const tail = normalCdf(-expandedZ(clusters.length));
  return { low: quantileSorted(sorted, tail), high: quantileSorted(sorted, 1 - tail) };
}

import { normalCdf, tQuantile } from './distributions.ts';
import { FEWEST_CLUSTERS, LEVEL } from './level.ts';

/** The level to ask of a method that knows nothing of its clusters' number, so that few of them widen it as t does. */
export function levelOfFew(clusters: number): number {
  return clusters < FEWEST_CLUSTERS ? normalCdf(tQuantile(LEVEL, clusters - 1)) : LEVEL;
}

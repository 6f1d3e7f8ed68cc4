import type { Metric, Trial } from '#tasks';
import type { PairedTrial } from './paired-trials.ts';

/** What more of the same would be: pictures, clips, whole sites or whatever a metric is resampled by; `clusters` and `minutes` are what there is now. */
export type Footage = { unit: string; clusters: number; minutes: number; site: string | null };

/** @param clusters the trials that say anything, as they are resampled */
export function footageOf(
  trials: readonly PairedTrial[],
  clusters: readonly (readonly unknown[])[],
  { clusters: called }: Pick<Metric<Trial>, 'clusters'> = {},
): Footage {
  const seconds = trials.reduce((sum, { candidate }) => sum + (candidate.seconds ?? 0), 0);
  const unit = seconds === 0 ? (called ?? 'samples') : clusters.some((members) => members.length > 1) ? 'sites' : 'clips';
  const site = unit === 'clips' ? (trials[0]?.candidate.site ?? null) : null;
  return { unit, clusters: clusters.length, minutes: seconds / 60, site };
}

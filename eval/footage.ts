import type { PairedTrial } from './paired-trials.ts';

/** What more of the same would be: pictures, clips or whole sites; `clusters` and `minutes` are what there is now. */
export type Footage = { unit: 'samples' | 'clips' | 'sites'; clusters: number; minutes: number; site: string | null };

/** @param clusters the trials that say anything, as they are resampled */
export function footageOf(trials: readonly PairedTrial[], clusters: readonly (readonly PairedTrial[])[]): Footage {
  const seconds = trials.reduce((sum, { candidate }) => sum + (candidate.seconds ?? 0), 0);
  const unit = seconds === 0 ? 'samples' : clusters.some((members) => members.length > 1) ? 'sites' : 'clips';
  const site = unit === 'clips' ? (trials[0]?.candidate.site ?? null) : null;
  return { unit, clusters: clusters.length, minutes: seconds / 60, site };
}

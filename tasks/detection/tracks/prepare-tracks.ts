import type { Prepared } from '../../metric.ts';
import type { DetectionTrial } from '../trial.ts';
import { sequencesOf, type TrackSequence } from './sequences.ts';

/** Of a true and an answered track, in one sequence: what answers with a track of its own for every box may come from a stranger. */
const MOST_PAIRS = 2 ** 23;

/**
 * What is counted of each sequence once, and what comes of them by weight: a mean over the classes that have true tracks. A sequence
 * weighs what its pictures do.
 */
export function prepareTracks<Counts>(
  trials: readonly DetectionTrial[],
  count: (sequence: TrackSequence) => Counts,
  valueOf: (sequences: readonly { counts: Counts; weight: number }[]) => number,
): Prepared {
  const sequences = sequencesOf(trials);
  if (sequences === null) return { value: () => null, support: 0, missing: whatIsMissing(trials) };
  const largest = sequences.find(({ trueTracks, foundTracks }) => trueTracks * foundTracks > MOST_PAIRS);
  if (largest !== undefined) {
    const missing = `more tracks in a sequence than can be held against each other: ${largest.foundTracks}, and ${largest.trueTracks} true ones`;
    return { value: () => null, support: 0, missing };
  }
  const counted = sequences.map((sequence) => ({ ...sequence, counts: count(sequence) }));
  const byClass = Map.groupBy(counted, (sequence) => sequence.class);
  return {
    value(weights) {
      const values = [...byClass.values()].flatMap((own) => {
        const weighed = own.map((sequence) => ({ ...sequence, weight: weightOf(sequence, weights) }));
        const hasTruth = weighed.some(({ trueTracks, weight }) => trueTracks > 0 && weight > 0);
        return hasTruth ? [valueOf(weighed)] : [];
      });
      return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
    },
    support: sequences.reduce((sum, { trueTracks }) => sum + trueTracks, 0),
  };
}

function weightOf({ pictures }: TrackSequence, weights: Float64Array): number {
  return pictures.reduce((sum, picture) => sum + (weights[picture] ?? 0), 0) / pictures.length;
}

function whatIsMissing(trials: readonly DetectionTrial[]): string {
  return trials.some(({ sequence }) => sequence !== undefined) ? 'no tracks in what the model answers' : 'no true tracks';
}

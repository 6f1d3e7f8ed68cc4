import type { PooledMetric } from '../../metric.ts';
import type { DetectionTrial } from '../trial.ts';
import { assign } from './assignment.ts';
import { prepareTracks } from './prepare-tracks.ts';
import type { TrackSequence } from './sequences.ts';

/** Boxes of matched tracks, true boxes outside of them, and answered boxes outside of them. */
type Counts = { right: number; missed: number; wrong: number };

/**
 * Identity F1 (Ristani et al. 2016, "Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking", ECCV workshops): each
 * true track is one answered track at most, chosen so that most boxes agree, at an overlap of a half.
 */
export const identityF1: PooledMetric<DetectionTrial> = {
  name: 'idf1',
  title: 'IDF1',
  kind: 'pooled',
  unit: 'fraction',
  better: 'more',
  inWords: 'the share of boxes that carry the one right track',
  counted: 'true tracks',
  prepare: (trials) => prepareTracks(trials, countIdentity, identityOf),
};

export function countIdentity({ frames, trueTracks, foundTracks }: TrackSequence): Counts {
  const agreed = new Float64Array(trueTracks * foundTracks);
  let [boxes, answered] = [0, 0];
  for (const frame of frames) {
    for (const [at, value] of frame.alike.entries()) {
      const pair =
        (frame.truth[Math.floor(at / frame.found.length)] ?? 0) * foundTracks + (frame.found[at % frame.found.length] ?? 0);
      if (value >= 0.5) agreed[pair] = (agreed[pair] ?? 0) + 1;
    }
    boxes += frame.truth.length;
    answered += frame.found.length;
  }
  const right = mostAgreed(agreed, trueTracks, foundTracks);
  return { right, missed: boxes - right, wrong: answered - right };
}

/** Tracks that agree in nothing may be paired as well: that adds nothing. */
function mostAgreed(agreed: Float64Array, trueTracks: number, foundTracks: number): number {
  const pairs = assign(
    agreed.map((boxes) => -boxes),
    trueTracks,
    foundTracks,
  );
  return pairs.reduce((sum, [row, column]) => sum + (agreed[row * foundTracks + column] ?? 0), 0);
}

function identityOf(sequences: readonly { counts: Counts; weight: number }[]): number {
  let [right, other] = [0, 0];
  for (const { counts, weight } of sequences) {
    right += weight * counts.right;
    other += (weight * (counts.missed + counts.wrong)) / 2;
  }
  return right / Math.max(1, right + other);
}

import type { PooledMetric } from '../../metric.ts';
import type { DetectionTrial } from '../trial.ts';
import { assign } from './assignment.ts';
import { prepareTracks } from './prepare-tracks.ts';
import type { TrackFrame, TrackSequence } from './sequences.ts';

/** Overlaps from 0.05 to 0.95, as numpy's arange has them. */
const OVERLAPS = Array.from({ length: 19 }, (_, at) => 0.05 + at * 0.05);

/** At each overlap: boxes on a true one, true ones missed, boxes on nothing, and the association of each match, added up. */
type Counts = { right: Float64Array; missed: Float64Array; wrong: Float64Array; association: Float64Array };

/**
 * Higher order tracking accuracy (Luiten et al. 2021, "HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking", IJCV 129): the
 * geometric mean of how well things are detected and how well detections of one thing are kept together, as a mean over overlaps. Of
 * several sequences what is counted is added up; of several classes it is the mean of those that have truth.
 */
export const higherOrderTrackingAccuracy: PooledMetric<DetectionTrial> = {
  name: 'hota',
  title: 'HOTA',
  kind: 'pooled',
  unit: 'fraction',
  better: 'more',
  inWords: 'how well it finds things and keeps each of them one track',
  counted: 'true tracks',
  prepare: (trials) => prepareTracks(trials, countHota, hotaOf),
};

export function countHota({ frames, trueTracks, foundTracks }: TrackSequence): Counts {
  const counts = noCounts();
  const { truthCounts, foundCounts, jaccard } = alignTracks(frames, trueTracks, foundTracks);
  /** Of each two tracks that are ever matched, at how many frames they are at each overlap. */
  const matches = new Map<number, Uint32Array>();
  for (const { truth, found, alike } of frames) {
    const scores = Float64Array.from(alike, (value, at) => {
      const pair = (truth[Math.floor(at / found.length)] ?? 0) * foundTracks + (found[at % found.length] ?? 0);
      return -((jaccard[pair] ?? 0) * value);
    });
    const pairs = assign(scores, truth.length, found.length);
    for (const [level, overlap] of OVERLAPS.entries()) {
      const own = pairs.filter(([row, column]) => (alike[row * found.length + column] ?? 0) >= overlap - Number.EPSILON);
      add(counts.right, level, own.length);
      add(counts.missed, level, truth.length - own.length);
      add(counts.wrong, level, found.length - own.length);
      for (const [row, column] of own) {
        const pair = (truth[row] ?? 0) * foundTracks + (found[column] ?? 0);
        const met = matches.get(pair) ?? new Uint32Array(OVERLAPS.length);
        matches.set(pair, met);
        met[level] = (met[level] ?? 0) + 1;
      }
    }
  }
  for (const [pair, met] of matches) {
    const all = (truthCounts[Math.floor(pair / foundTracks)] ?? 0) + (foundCounts[pair % foundTracks] ?? 0);
    for (const [level, count] of met.entries()) add(counts.association, level, (count * count) / Math.max(1, all - count));
  }
  return counts;
}

/** How much two tracks are one over the whole sequence, before anything is matched. */
function alignTracks(frames: readonly TrackFrame[], trueTracks: number, foundTracks: number) {
  const potential = new Float64Array(trueTracks * foundTracks);
  const [truthCounts, foundCounts] = [new Float64Array(trueTracks), new Float64Array(foundTracks)];
  for (const { truth, found, alike } of frames) {
    const [rows, columns] = [new Float64Array(truth.length), new Float64Array(found.length)];
    for (const [at, value] of alike.entries()) {
      add(rows, Math.floor(at / found.length), value);
      add(columns, at % found.length, value);
    }
    for (const [at, value] of alike.entries()) {
      const [row, column] = [Math.floor(at / found.length), at % found.length];
      const all = (columns[column] ?? 0) + (rows[row] ?? 0) - value;
      if (all > Number.EPSILON) add(potential, (truth[row] ?? 0) * foundTracks + (found[column] ?? 0), value / all);
    }
    for (const track of truth) add(truthCounts, track, 1);
    for (const track of found) add(foundCounts, track, 1);
  }
  const jaccard = potential.map((value, pair) => {
    return value / ((truthCounts[Math.floor(pair / foundTracks)] ?? 0) + (foundCounts[pair % foundTracks] ?? 0) - value);
  });
  return { truthCounts, foundCounts, jaccard };
}

/** Of sequences of one class, each counting as often as its weight says. */
function hotaOf(sequences: readonly { counts: Counts; weight: number }[]): number {
  const sum = noCounts();
  for (const { counts, weight } of sequences) {
    for (const [name, values] of Object.entries(sum) as [keyof Counts, Float64Array][]) {
      for (const level of OVERLAPS.keys()) add(values, level, weight * (counts[name][level] ?? 0));
    }
  }
  const levels = OVERLAPS.map((_, level) => {
    const right = sum.right[level] ?? 0;
    const detection = right / Math.max(1, right + (sum.missed[level] ?? 0) + (sum.wrong[level] ?? 0));
    return Math.sqrt(detection * ((sum.association[level] ?? 0) / Math.max(1, right)));
  });
  return levels.reduce((total, value) => total + value, 0) / levels.length;
}

function noCounts(): Counts {
  const zeros = () => new Float64Array(OVERLAPS.length);
  return { right: zeros(), missed: zeros(), wrong: zeros(), association: zeros() };
}

function add(values: Float64Array, at: number, value: number): void {
  values[at] = (values[at] ?? 0) + value;
}

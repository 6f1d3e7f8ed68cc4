import type { TrueBox } from '#datasets';
import { random, type Random } from '../../../../eval/stats/rng.ts';
import { matchPicture, type BoxRow } from '../../match-picture.ts';
import type { DetectionTrial } from '../../trial.ts';
import { higherOrderTrackingAccuracy } from '../hota.ts';
import { identityF1 } from '../identity.ts';

/** Sequences as the reference implementation and our own are given them, frame by frame. */
export type TrackSet = { sequences: readonly (readonly TrackedFrame[])[] };

export type TrackedFrame = { truth: readonly TrueBox[]; boxes: readonly BoxRow[]; tracks: readonly number[] };

/** What makes sets hard: tracks that swap, break off and begin late, boxes on nothing and on what is not asked for, empty frames. */
export function fuzzedTracks(seed: number): TrackSet {
  const next = random(seed);
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(next() * choices.length)] as T;
  const shape = {
    frames: pick(1, 2, 7, 20),
    things: pick(0, 1, 3, 6, 6),
    classes: pick(1, 1, 2),
    grid: pick(0.25, 1, 8),
    slip: pick(0, 0.1, 0.4),
    missed: pick(0, 0.1, 0.5, 1),
    swapped: pick(0, 0.05, 0.3),
    wrong: pick(0, 0, 1, 3),
    ignored: pick(0, 0, 0.3),
  };
  return { sequences: Array.from({ length: pick(1, 1, 2, 3) }, () => makeSequence(shape, next)) };
}

type Shape = Readonly<
  Record<'frames' | 'things' | 'classes' | 'grid' | 'slip' | 'missed' | 'swapped' | 'wrong' | 'ignored', number>
>;

function makeSequence(shape: Shape, next: Random): TrackedFrame[] {
  const snap = (value: number) => Math.round(value / shape.grid) * shape.grid;
  const things = Array.from({ length: shape.things }, (_, at) => ({
    track: at * 3 + 1,
    named: Math.floor(next() * shape.classes),
    ignore: next() < shape.ignored,
    from: Math.floor(next() * shape.frames * 0.5),
    x: next() * 200,
    y: next() * 100,
    by: next() * 12 - 6,
  }));
  const names = things.map(({ track }) => track);
  return Array.from({ length: shape.frames }, (_, frame) => {
    const here = things.filter(({ from }) => frame >= from);
    const truth = here.map(({ track, named, ignore, x, y, by }): TrueBox => {
      const box = [snap(x + frame * by), snap(y), 40, 80] as const;
      return { class: named, box, area: 3200, crowd: false, ignore, track: String(track) };
    });
    if (next() < shape.swapped && names.length > 1) names.push(names.shift() ?? 0);
    if (next() < shape.swapped && names.length > 0) names[0] = 100 + frame;
    const seen = truth.flatMap((one, at) => (next() < shape.missed ? [] : [{ one, track: names[at] ?? 500 + at }]));
    const moved = () => (next() - 0.5) * shape.slip * 100;
    const boxes = seen.map(({ one: { box, class: named } }): BoxRow => {
      const [x, y] = [snap(box[0] + moved()), snap(box[1] + moved())];
      return [x, y, x + 40, y + 80, 0.9, named];
    });
    const wrong = Array.from({ length: Math.floor(next() * (shape.wrong + 1)) }, (): BoxRow => {
      const [x, y] = [snap(next() * 240), snap(next() * 100)];
      return [x, y, x + 40, y + 80, 0.5, Math.floor(next() * shape.classes)];
    });
    return {
      truth,
      boxes: [...boxes, ...wrong],
      tracks: [...seen.map(({ track }) => track), ...wrong.keys().map((at) => 900 + at)],
    };
  });
}

export function trackedTrials({ sequences }: TrackSet): DetectionTrial[] {
  return sequences.flatMap((frames, at) =>
    frames.map(({ truth, boxes, tracks }, frame): DetectionTrial => {
      const sequence = `s${at}`;
      const place = { id: `${sequence}/${String(frame).padStart(6, '0')}.jpg`, cluster: sequence, sequence, slices: {} };
      return { ...place, site: null, seconds: null, threshold: null, truth, boxes, tracks, matches: matchPicture(truth, boxes) };
    }),
  );
}

/** Null where there is no true track. */
export function trackNumbers(set: TrackSet): { hota: number | null; idf1: number | null } {
  const trials = trackedTrials(set);
  const once = new Float64Array(trials.length).fill(1);
  const [hota, idf1] = [higherOrderTrackingAccuracy, identityF1].map((metric) => metric.prepare(trials).value(once));
  return { hota: hota ?? null, idf1: idf1 ?? null };
}

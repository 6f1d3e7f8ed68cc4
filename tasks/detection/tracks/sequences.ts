import type { TrueBox } from '#datasets';
import type { DetectionTrial } from '../trial.ts';
import { assign } from './assignment.ts';
import { similarities, type Corners } from './similarities.ts';

/** What one class of a sequence comes to: true tracks, answered ones, and frame by frame which of them are there and how alike. */
export type TrackSequence = {
  class: number;
  /** Places among the trials of its frames. */
  pictures: readonly number[];
  trueTracks: number;
  foundTracks: number;
  frames: readonly TrackFrame[];
};

/** Tracks by their numbers from 0. `alike`: intersection over union, a row for each true one. */
export type TrackFrame = { truth: Int32Array; found: Int32Array; alike: Float64Array };

/** Null where the truth follows nothing, or an answer names no tracks. */
export function sequencesOf(trials: readonly DetectionTrial[]): TrackSequence[] | null {
  const bySequence = Map.groupBy(trials.keys(), (at) => trials[at]?.sequence ?? null);
  const places = [...bySequence].flatMap(([name, own]) => (name === null ? [] : [own]));
  const followed = places.flat().flatMap((at) => trials[at] ?? []);
  if (followed.length === 0 || followed.some(({ tracks }) => tracks === undefined)) return null;
  const classes = [...new Set(followed.flatMap(({ truth }) => truth.filter(isFollowed).map((one) => one.class)))];
  return classes.toSorted((a, b) => a - b).flatMap((named) => places.map((own) => sequenceOf(trials, own, named)));
}

function sequenceOf(trials: readonly DetectionTrial[], pictures: readonly number[], named: number): TrackSequence {
  const [truth, found] = [numbers<string>(), numbers<number>()];
  const ordered = pictures.flatMap((at) => trials[at] ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const kept = ordered.map((trial) => asked(trial, named));
  // Numbered by their ids, as the references do, for it decides between equally good assignments.
  truth.order(
    kept.flatMap((frame) => frame.truth.flatMap(({ track }) => track ?? [])),
    byNumber,
  );
  found.order(
    kept.flatMap((frame) => frame.found.map(({ track }) => track)),
    (a, b) => a - b,
  );
  const frames = kept.map((frame): TrackFrame => ({
    truth: Int32Array.from(frame.truth, ({ track }) => truth.of(track ?? '')),
    found: Int32Array.from(frame.found, ({ track }) => found.of(track)),
    alike: similarities(
      frame.truth.map((one) => cornersOf(one)),
      frame.found.map(({ corners }) => corners),
    ),
  }));
  return { class: named, pictures, trueTracks: truth.count(), foundTracks: found.count(), frames };
}

function numbers<T>() {
  let places = new Map<T, number>();
  return {
    order: (names: readonly T[], compare: (a: T, b: T) => number) => {
      places = new Map([...new Set(names)].toSorted(compare).map((name, at) => [name, at]));
    },
    of: (name: T) => places.get(name) ?? 0,
    count: () => places.size,
  };
}

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b) || (a < b ? -1 : 1);
}

type FoundTrack = { track: number; corners: Corners };

/** A box that lies on what is not asked for is not looked at: as MOTChallenge takes away what lies on its distractors. */
function asked(trial: DetectionTrial, named: number): { truth: TrueBox[]; found: FoundTrack[] } {
  const truth = trial.truth.filter((one) => one.class === named);
  const found = trial.boxes.flatMap(([x1, y1, x2, y2, , label], at): FoundTrack[] => {
    const track = trial.tracks?.[at] ?? null;
    return label !== named || track === null ? [] : [{ track, corners: [x1, y1, x2, y2] }];
  });
  const aside = truth.every(isFollowed) ? new Set<number>() : onWhatIsNotAsked(truth, found);
  return { truth: truth.filter(isFollowed), found: found.filter((_, at) => !aside.has(at)) };
}

/** An overlap of a half, less what the last bit of a double makes of it. */
const HALF = 0.5 - Number.EPSILON;

function onWhatIsNotAsked(truth: readonly TrueBox[], found: readonly FoundTrack[]): Set<number> {
  const alike = similarities(
    truth.map((one) => cornersOf(one)),
    found.map(({ corners }) => corners),
  );
  const enough = (value: number) => (value < HALF ? 0 : value);
  const pairs = assign(
    Float64Array.from(alike, (value) => -enough(value)),
    truth.length,
    found.length,
  );
  return new Set(
    pairs.flatMap(([row, column]) => {
      const one = truth[row];
      const isPaired = enough(alike[row * found.length + column] ?? 0) > 0;
      return isPaired && one !== undefined && !isFollowed(one) ? [column] : [];
    }),
  );
}

function isFollowed({ crowd, ignore, track }: TrueBox): boolean {
  return track !== undefined && !crowd && !ignore;
}

function cornersOf({ box: [x, y, width, height] }: TrueBox): Corners {
  return [x, y, x + width, y + height];
}

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assign } from './assignment.ts';
import { higherOrderTrackingAccuracy } from './hota.ts';
import { identityF1 } from './identity.ts';
import { fuzzedTracks, trackedTrials, trackNumbers, type TrackSet } from './reference/tracks.fixture.ts';

type Reference = { seed: number; hota: number | null; idf1: number | null };

/** Written by `node bench/tracks.ts write`, which asks TrackEval 1.3.0. */
const references = JSON.parse(readFileSync(new URL('reference/tracks.json', import.meta.url), 'utf8')) as readonly Reference[];

describe('tracks beside their reference implementation', () => {
  it('give the HOTA and IDF1 of TrackEval, to nine digits', () => {
    expect(references).toHaveLength(100);
    const apart = references.filter(({ seed, ...theirs }) => {
      const ours = trackNumbers(fuzzedTracks(seed));
      return (['hota', 'idf1'] as const).some((name) => !(Math.abs((ours[name] ?? -1) - (theirs[name] ?? -1)) <= 1e-9));
    });
    expect(apart).toEqual([]);
  });

  it('are held against sets that are hard: none to follow, all swapped, several classes, what is not asked for', () => {
    const frames = references.map(({ seed }) => fuzzedTracks(seed).sequences.flat());
    const some = (is: (of: (typeof frames)[number]) => boolean) => frames.filter((of) => is(of)).length;
    expect(references.filter(({ hota }) => hota === null).length).toBeGreaterThan(5);
    expect(references.filter(({ hota, idf1 }) => hota !== null && idf1 !== null && hota > idf1).length).toBeGreaterThan(10);
    expect(some((of) => of.some(({ truth }) => truth.some(({ ignore }) => ignore)))).toBeGreaterThan(10);
    expect(some((of) => of.some(({ truth }) => truth.some((one) => one.class === 1)))).toBeGreaterThan(10);
  });
});

/** Two things that stand still for four frames; `tracks`: what the model calls them in each. */
const twoThings = (tracks: readonly [number, number][]): TrackSet => ({
  sequences: [
    tracks.map((named) => ({
      truth: [0, 100].map((x, at) => {
        return { class: 0, box: [x, 0, 40, 40] as const, area: 1600, crowd: false, ignore: false, track: String(at) };
      }),
      boxes: [0, 100].map((x) => [x, 0, x + 40, 40, 0.9, 0] as const),
      tracks: named,
    })),
  ],
});

const numbersOf = (set: TrackSet) => {
  const { hota, idf1 } = trackNumbers(set);
  return { hota: Number(hota?.toFixed(6)), idf1 };
};

describe('how well things are followed', () => {
  it.each<[string, readonly [number, number][], number, number]>([
    [
      'one track each',
      [
        [4, 9],
        [4, 9],
        [4, 9],
        [4, 9],
      ],
      1,
      1,
    ],
    // Association of each match: two of the six frames that either of the two tracks has.
    [
      'swapped in the middle',
      [
        [4, 9],
        [4, 9],
        [9, 4],
        [9, 4],
      ],
      Math.sqrt(1 / 3),
      0.5,
    ],
    [
      'another one in each frame',
      [
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
      ],
      0.5,
      0.25,
    ],
  ])('%s', (_, tracks, hota, idf1) => {
    expect(numbersOf(twoThings(tracks))).toEqual({ hota: Number(hota.toFixed(6)), idf1 });
  });

  it('is not defined where the model names no tracks, and says so', () => {
    const trials = trackedTrials(twoThings([[1, 2]])).map(({ tracks, ...trial }) => ({
      ...trial,
      boxes: trial.boxes.slice(0, tracks?.length),
    }));
    for (const metric of [higherOrderTrackingAccuracy, identityF1]) {
      const prepared = metric.prepare(trials);
      expect(prepared.value(new Float64Array(1).fill(1))).toBeNull();
      expect(prepared.missing).toBe('no tracks in what the model answers');
    }
  });

  it('is not defined where a model gives every box a track of its own, without end', () => {
    const truth = Array.from({ length: 900 }, (_, at) => {
      return { class: 0, box: [at, 0, 1, 1] as const, area: 1, crowd: false, ignore: false, track: String(at) };
    });
    const frames = Array.from({ length: 10 }, (_, frame) => ({
      truth: frame === 0 ? truth : [],
      boxes: Array.from({ length: 1000 }, () => [0, 0, 1, 1, 0.9, 0] as const),
      tracks: Array.from({ length: 1000 }, (__, at) => frame * 1000 + at),
    }));
    const prepared = higherOrderTrackingAccuracy.prepare(trackedTrials({ sequences: [frames] }));
    expect(prepared.missing).toBe('more tracks in a sequence than can be held against each other: 10000, and 900 true ones');
  });

  it('weighs a sequence as a whole: twice is as much as two of it', () => {
    const [once, other] = [
      twoThings([
        [4, 9],
        [9, 4],
      ]).sequences,
      twoThings([
        [4, 9],
        [4, 9],
        [4, 9],
      ]).sequences,
    ];
    const twice = trackNumbers({ sequences: [...once, ...once, ...other] });
    const trials = trackedTrials({ sequences: [...once, ...other] });
    const weights = Float64Array.from(trials, ({ sequence }) => (sequence === 's0' ? 2 : 1));
    expect(higherOrderTrackingAccuracy.prepare(trials).value(weights)).toBeCloseTo(twice.hota ?? 0, 12);
    expect(identityF1.prepare(trials).value(weights)).toBeCloseTo(twice.idf1 ?? 0, 12);
  });
});

describe('an assignment', () => {
  it.each<[string, number, number, number[], [number, number][]]>([
    [
      'of equal costs is the identity',
      3,
      3,
      [1, 1, 1, 1, 1, 1, 1, 1, 1],
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
    ],
    [
      'costs least',
      2,
      2,
      [1, 2, 2, 9],
      [
        [0, 1],
        [1, 0],
      ],
    ],
    ['leaves columns over', 1, 3, [5, 1, 3], [[0, 1]]],
    ['leaves rows over', 3, 1, [5, 1, 3], [[1, 0]]],
    ['of nothing is nothing', 0, 2, [], []],
  ])('%s', (_, rows, columns, costs, expected) => {
    expect(assign(Float64Array.from(costs), rows, columns)).toEqual(expected);
  });

  it('refuses what is no number', () => {
    expect(() => assign(Float64Array.of(Number.NaN), 1, 1)).toThrow('finite');
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALL_TASKS } from '../registry.ts';
import { matchPicture } from './match-picture.ts';
import { tellOf, type Told } from './reference/arrays.fixture.ts';
import { fuzzedSet, type BoxSet } from './reference/sets.fixture.ts';
import { twelveNumbers } from './twelve-numbers.ts';
import type { DetectionTrial } from './trial.ts';

type Reference = Told & { seed: number; voc: readonly [number | null, number | null] };

/** Written by `node bench/detection.ts write`, which asks pycocotools 2.0.11 and a transcript of VOC's development kit. */
const references = JSON.parse(readFileSync(new URL('reference/coco.json', import.meta.url), 'utf8')) as readonly Reference[];

describe('detection beside its reference implementations', () => {
  it('gives the twelve numbers of pycocotools, and each value of its arrays of precision and recall, to the last bit', () => {
    expect(references).toHaveLength(150);
    for (const { seed, stats, precision, recall } of references) {
      expect({ seed, ...tellOf(fuzzedSet(seed)) }).toEqual({ seed, stats, precision, recall });
    }
  });

  it('is held against sets that are hard: with and without crowds, ties, more than a hundred boxes, no truth, no boxes', () => {
    const sets = references.map(({ seed }) => fuzzedSet(seed));
    const boxes = (set: BoxSet) => set.pictures.flatMap((picture) => picture.boxes);
    const truth = (set: BoxSet) => set.pictures.flatMap((picture) => picture.truth);
    const some = (is: (set: BoxSet) => boolean) => sets.filter((set) => is(set)).length;
    expect(some((set) => truth(set).some(({ crowd }) => crowd))).toBeGreaterThan(10);
    expect(some((set) => truth(set).some(({ ignore }) => ignore))).toBeGreaterThan(10);
    expect(some((set) => new Set(boxes(set).map(([, , , , score]) => score)).size < boxes(set).length)).toBeGreaterThan(50);
    expect(some((set) => set.pictures.some((picture) => picture.boxes.length > 100 * set.classes))).toBeGreaterThan(0);
    expect(some((set) => truth(set).length > 0 && boxes(set).length === 0)).toBeGreaterThan(2);
    expect(some((set) => truth(set).length === 0 && boxes(set).length > 0)).toBeGreaterThan(2);
    expect(references.filter(({ stats }) => (stats[0] ?? 0) > 0).length).toBeGreaterThan(50);
  });

  it.each(['voc-ap', 'voc2007-ap'].entries().toArray())('gives the average precision of Pascal VOC: %i, %s', (at, name) => {
    const value = references.map(({ seed }) => valueOf(name, fuzzedSet(seed).pictures.map(trialOf)));
    const apart = references.filter(({ voc }, place) => Math.abs((voc[at] ?? -1) - (value[place] ?? -1)) > 1e-12);
    expect(apart).toEqual([]);
  });

  it('has each of the twelve as a metric that a gate can name', () => {
    const trials = fuzzedSet(references.find(({ stats }) => stats.every((value) => (value ?? 0) > 0))?.seed ?? 0).pictures.map(
      trialOf,
    );
    for (const [name, value] of Object.entries(twelveNumbers(trials)))
      expect({ name, value: valueOf(name, trials) }).toEqual({ name, value });
  });
});

function trialOf({ truth, boxes }: BoxSet['pictures'][number], at: number): DetectionTrial {
  const matches = matchPicture(truth, boxes);
  return { id: String(at), cluster: String(at), slices: {}, site: null, seconds: null, threshold: null, truth, boxes, matches };
}

function valueOf(name: string, trials: readonly DetectionTrial[]): number | null {
  const metric = ALL_TASKS.flatMap(({ metrics }) => metrics).find((one) => one.name === name);
  if (metric?.kind !== 'pooled') throw new Error(`${name} is no pooled metric`);
  return metric.prepare(trials).value(new Float64Array(trials.length).fill(1));
}

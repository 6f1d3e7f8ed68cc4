import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import type { EventRule } from '#datasets';
import { disagreement, marginOf, readSignals, topScore } from './clip-signals.ts';
import { pickHardInOrder, type Candidate, type Caps, type Picked } from './harvest.ts';
import { nightRecall, nightValues, type ClipOfNight } from './night-values.ts';
import { drawSample, weightedRecall } from './sampling.ts';

const rule: EventRule = {
  labels: { person: [1], vehicle: [2, 3] },
  framesPerSecond: 2,
  persistence: 2,
  mergeGap: 0.5,
  tolerance: 0,
};
const pin = digestOf('clip');

function signals(rows: readonly (readonly number[])[], threshold = 0.5) {
  const scored = rows.map(([, person = 0, car = 0, truck = 0], index) => {
    return { timestamp: index / 2, scores: { person, vehicle: car + truck } };
  });
  return readSignals({ id: 'a.mp4', pin, seconds: rows.length / 2 }, { readings: scored, threshold }, rule);
}

describe('what a clip says without labels', () => {
  it('is at which threshold each label would just have opened an event', () => {
    const read = signals([
      [0, 0.9, 0.1, 0],
      [0, 0.2, 0.1, 0.1],
      [0, 0.625, 0.1, 0.125],
      [0, 0.75, 0.2, 0.3],
    ]);
    expect(read.opening['person']).toBe(0.625);
    expect(read.opening['vehicle']).toBeCloseTo(0.225, 6);
    expect(topScore(read)).toBe(0.625);
    expect(marginOf(read)).toMatchObject({ label: 'person', margin: 0.125 });
    expect(read.detections.map(({ label }) => label)).toEqual(['person']);
  });

  it('opens an event at a threshold exactly when the opening score reaches it', () => {
    const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 0, maxLength: 12 });
    fc.assert(
      fc.property(scores, fc.double({ min: 0.01, max: 1, noNaN: true }), (person, threshold) => {
        const read = signals(
          person.map((score) => [0, score, 0, 0]),
          threshold,
        );
        expect(read.detections.some(({ label }) => label === 'person')).toBe((read.opening['person'] ?? 0) >= threshold);
      }),
    );
  });

  it('is how far two models disagree on it', () => {
    const none = signals([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    const person = signals([
      [0, 1, 0, 0],
      [0, 1, 0, 0],
    ]);
    const both = signals([
      [0, 1, 1, 0],
      [0, 1, 1, 0],
    ]);
    expect(disagreement(none, none, 0)).toEqual({ share: 0, at: null });
    expect(disagreement(person, none, 0)).toEqual({ share: 1, at: null });
    expect(disagreement(person, both, 0).share).toBeCloseTo(1 / 3, 12);
  });
});

describe('a night', () => {
  const clip = (light: string, events: number, more: Partial<ClipOfNight> = {}): ClipOfNight => {
    return { conditions: { light }, seconds: 60, events, top: 0.8, margin: 0.3, disagreement: null, ...more };
  };

  it('is one number for the whole and one for each condition', () => {
    const clips = [clip('day', 3), clip('day', 1), clip('night', 0, { top: 0.2, margin: 0.1 })];
    expect(nightValues('event-rate', clips)).toEqual(
      new Map([
        ['', [80]],
        ['light=day', [120]],
        ['light=night', [0]],
      ]),
    );
    expect(
      nightValues('scores', clips)
        .get('')
        ?.map((value) => Number(value.toFixed(3))),
    ).toEqual([0.6, 0.233]);
    expect(nightValues('disagreement', clips).size).toBe(0);
    expect(nightValues('disagreement', [...clips, clip('day', 0, { disagreement: 0.5 })]).get('light=day')).toEqual([0.5]);
  });

  it('has a recall only where something happened', () => {
    const labelled = [
      { conditions: { light: 'day' }, truth: 4, found: 3, probability: 0.5 },
      { conditions: { light: 'night' }, truth: 0, found: 0, probability: 0.5 },
    ];
    expect(nightRecall(labelled)).toEqual(
      new Map([
        ['', { recall: 0.75, events: 4 }],
        ['light=day', { recall: 0.75, events: 4 }],
      ]),
    );
  });
});

describe('the random sample', () => {
  const clips = Array.from({ length: 20 }, (_, index) => ({ file: `${index}.mp4`, pin: digestOf(String(index)) }));

  it('is the same however often it is drawn and in whatever order clips are listed', () => {
    const options = { count: 5, seed: 1, stratum: 'lobby 2026-03-01' };
    const once = drawSample(clips, options);
    expect(once).toEqual(drawSample(clips.toReversed(), options));
    expect(once).toMatchObject({ probability: 0.25 });
    expect(drawSample(clips, { ...options, seed: 2 }).drawn).not.toEqual(once.drawn);
  });

  it('draws every clip as often as another', () => {
    const counts = new Map<string, number>();
    const nights = 4000;
    for (let night = 0; night < nights; night += 1) {
      for (const { file } of drawSample(clips, { count: 5, seed: 1, stratum: String(night) }).drawn)
        counts.set(file, (counts.get(file) ?? 0) + 1);
    }
    const expected = nights / 4;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / (expected * 0.75), 0);
    expect(counts.size).toBe(20);
    // 19 degrees of freedom, of which fixed sums take up a twentieth: 43.8 is the 99.9% point.
    expect(chiSquare).toBeLessThan(43.8);
  });

  it('takes all when there are few, and says so by the probability', () => {
    expect(drawSample(clips.slice(0, 3), { count: 5, seed: 1, stratum: 'x' })).toMatchObject({ probability: 1 });
    expect(drawSample([], { count: 5, seed: 1, stratum: 'x' })).toEqual({ drawn: [], probability: 0 });
  });

  it('weighs a clip by how unlikely it was to be drawn (Hajek)', () => {
    const of = (truth: number, found: number, probability: number) => ({ truth, found, probability });
    expect(weightedRecall([of(2, 2, 0.5), of(2, 1, 0.1)])).toBeCloseTo((4 + 10) / (4 + 20), 12);
    expect(weightedRecall([of(0, 0, 0.5)])).toBeNull();
  });

  it('estimates the recall of all clips without bias, where picking the hard ones would not', () => {
    const all = Array.from({ length: 200 }, (_, index) => ({
      file: `${index}.mp4`,
      pin: digestOf(`all ${index}`),
      truth: 1 + (index % 3),
      found: index % 10 === 0 ? 0 : 1 + (index % 3),
      margin: index % 10 === 0 ? 0.01 : 0.4,
    }));
    const known = weightedRecall(all.map((clip) => ({ ...clip, probability: 1 }))) ?? 0;
    const draws = Array.from({ length: 400 }, (_, night) => {
      const { drawn, probability } = drawSample(all, { count: 40, seed: 3, stratum: String(night) });
      return weightedRecall(drawn.map((clip) => ({ ...clip, probability }))) ?? 0;
    });
    const mean = draws.reduce((sum, one) => sum + one, 0) / draws.length;
    expect(Math.abs(mean - known)).toBeLessThan(0.006);
    const hard = all.toSorted((a, b) => a.margin - b.margin).slice(0, 40);
    expect((weightedRecall(hard.map((clip) => ({ ...clip, probability: 1 }))) ?? 0) - known).toBeLessThan(-0.3);
  });
});

describe('hard clips', () => {
  const candidate = fc.record({
    site: fc.constantFrom('a', 'b', 'c'),
    label: fc.constantFrom('person', 'vehicle', null),
    margin: fc.double({ min: 0, max: 0.5, noNaN: true }),
    disagreement: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  });
  const options = { perSite: 2, perClass: 3, unsureWithin: 0.1, seed: 1 };
  const named = (clips: readonly Omit<Candidate, 'file' | 'pin'>[]): Candidate[] =>
    clips.map((clip, index) => ({ ...clip, file: `${index}.mp4`, pin: digestOf(String(index)) }));

  const pickHard = (clips: readonly Candidate[], caps: Caps): Picked<Candidate>[] => pickHardInOrder(clips, [], caps);

  it('are asked first of the sites that teach most, which so have the first claim on a class', () => {
    const unsure = (site: string) => ({ site, label: 'person', margin: 0.01, disagreement: null });
    const clips = named(['a', 'a', 'b', 'b', 'c', 'c'].map(unsure));
    const sitesIn = (order: readonly string[]) => pickHardInOrder(clips, order, options).map(({ clip }) => clip.site);
    expect(sitesIn(['c', 'a'])).toEqual(['c', 'c', 'a']);
    expect(sitesIn(['b'])).toEqual(['b', 'b', expect.stringMatching(/[ac]/)]);
  });

  it('keep their caps, are worth asking about, and are the same in any order', () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 30 }), (written) => {
        const clips = named(written);
        const picked = pickHard(clips, options);
        expect(pickHard(clips.toReversed(), options)).toEqual(picked);
        for (const [, of] of Map.groupBy(picked, ({ clip }) => clip.site)) expect(of.length).toBeLessThanOrEqual(2);
        for (const [, of] of Map.groupBy(picked, ({ clip }) => clip.label)) expect(of.length).toBeLessThanOrEqual(3);
        const worthIt = ({ clip, why }: (typeof picked)[number]) =>
          why === 'unsure' ? clip.margin !== null && clip.margin <= 0.1 : (clip.disagreement ?? 0) > 0;
        expect(picked.filter((entry) => !worthIt(entry))).toEqual([]);
      }),
    );
  });

  it('are those on which the models differ most, and the nearest to the threshold, in turn', () => {
    const at = (margin: number, apart: number | null) => ({ site: `site ${margin}`, label: null, margin, disagreement: apart });
    const picked = pickHard(named([at(0.3, 0.5), at(0.02, null), at(0.4, 1), at(0.05, 0)]), { ...options, perClass: 9 });
    expect(picked.map(({ clip, why }) => [clip.file, why])).toEqual([
      ['2.mp4', 'disagrees with the candidate'],
      ['1.mp4', 'unsure'],
      ['0.mp4', 'disagrees with the candidate'],
      ['3.mp4', 'unsure'],
    ]);
  });
});

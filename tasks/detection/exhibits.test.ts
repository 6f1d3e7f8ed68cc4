import { describe, expect, it } from 'vitest';
import type { TrueBox } from '#datasets';
import { detectionTrial, foundBox, trueBox, YARD } from '../../testing/worlds/boxes.ts';
import { detectionExhibits, detectionMisses } from './exhibits.ts';
import type { BoxRow } from './match-picture.ts';

const shown = (truth: readonly TrueBox[], before: readonly BoxRow[], after: readonly BoxRow[]) =>
  detectionExhibits({ candidate: detectionTrial(truth, after), reference: detectionTrial(truth, before) }, YARD);
const captions = (...given: Parameters<typeof shown>) => shown(...given).map(({ change, caption }) => `${change}: ${caption}`);

describe('a picture of what changed', () => {
  const two = [trueBox(0), trueBox(100, { class: 1 })];
  const car = foundBox(100, 0.9, { named: 1 });

  it.each<[string, Parameters<typeof shown>, string[]]>([
    ['both find all', [two, [foundBox(0), car], [foundBox(0), car]], []],
    ['a thing is lost', [two, [foundBox(0), car], [car]], ['lost: person: found before (dashed), missed now']],
    ['a thing is won', [two, [car], [foundBox(0), car]], ['gained: person: found now (solid), missed before']],
    [
      'one is lost, another won',
      [two, [foundBox(0)], [car]],
      ['lost: person: found before (dashed), missed now', 'gained: car: found now (solid), missed before'],
    ],
    [
      'two of a kind are lost',
      [[trueBox(0), trueBox(100)], [foundBox(0), foundBox(100)], []],
      ['lost: person x 2: found before (dashed), missed now'],
    ],
    [
      'a thing falls below the threshold',
      [two, [foundBox(0)], [foundBox(0, 0.4)]],
      ['lost: person: found before (dashed), missed now'],
    ],
    ['a box on nothing comes', [[], [], [foundBox(0)]], ['lost: more boxes on nothing (solid): person']],
    ['a box on nothing goes', [[], [foundBox(0)], []], ['gained: fewer boxes on nothing (dashed): person']],
    ['what is too hard to be asked for is lost', [[trueBox(0, { ignore: true })], [foundBox(0)], []], []],
  ])('%s', (_, given, expected) => {
    expect(captions(...given)).toEqual(expected);
  });

  it('is worth the more, the more true boxes changed hands; among equals, the more the two releases differ', () => {
    const weight = (...given: Parameters<typeof shown>) => shown(...given)[0]?.weight ?? 0;
    const one = weight(two, [foundBox(0), car], [car]);
    const clutter = weight(two, [foundBox(0), car], [car, foundBox(300), foundBox(400)]);
    const both = weight(two, [foundBox(0), car], []);
    const nothing = weight([], [], [foundBox(0), foundBox(100), foundBox(200)]);
    expect([nothing, one, clutter, both].toSorted((a, b) => a - b)).toEqual([nothing, one, clutter, both]);
    expect(nothing).toBeLessThan(1);
  });

  it('has drawn on it what differs, and nothing on which both releases agree', () => {
    const truth = [trueBox(0), trueBox(200)];
    const before = [foundBox(0), foundBox(200), foundBox(300, 0.2)];
    const after = [foundBox(200), foundBox(100, 0.9, { named: 1 })];
    expect(shown(truth, before, after)[0]?.boxes).toEqual([
      { role: 'truth', label: 'person', x1: 0, y1: 0, x2: 40, y2: 40 },
      { role: 'reference', label: 'person', score: 0.9, x1: 0, y1: 0, x2: 40, y2: 40 },
      { role: 'candidate', label: 'car', score: 0.9, x1: 100, y1: 0, x2: 140, y2: 40 },
    ]);
  });

  it('has drawn on it the box that slipped off a thing, beside the one that was on it', () => {
    const slipped = shown([trueBox(0)], [foundBox(0, 0.9, { slip: 8 })], [foundBox(0, 0.9, { slip: 16 })]);
    expect(slipped[0]?.boxes?.map(({ role, x1 }) => [role, x1])).toEqual([
      ['truth', 0],
      ['reference', 8],
      ['candidate', 16],
    ]);
  });
});

describe('a picture of what one model got wrong', () => {
  const misses = (truth: readonly TrueBox[], boxes: readonly BoxRow[]) => detectionMisses(detectionTrial(truth, boxes), YARD);

  it.each<[string, TrueBox[], BoxRow[], string[]]>([
    ['nothing is wrong', [trueBox(0)], [foundBox(0)], []],
    ['a thing is missed', [trueBox(0), trueBox(100)], [foundBox(0)], ['missed (white): person']],
    ['a box is on nothing', [], [foundBox(0, 0.9, { named: 1 })], ['on nothing (blue): car']],
    ['both', [trueBox(0)], [foundBox(100)], ['missed (white): person; on nothing (blue): person']],
    ['what is too hard to be asked for is missed', [trueBox(0, { ignore: true })], [], []],
    ['a box in a crowd', [trueBox(0, { crowd: true })], [foundBox(0)], []],
  ])('%s', (_, truth, boxes, expected) => {
    expect(misses(truth, boxes).map(({ caption }) => caption)).toEqual(expected);
  });

  it('has drawn on it what is wrong, and nothing that is right', () => {
    const [miss] = misses([trueBox(0), trueBox(100)], [foundBox(0), foundBox(200)]);
    expect(miss?.boxes?.map(({ role, x1 }) => [role, x1])).toEqual([
      ['truth', 100],
      ['candidate', 200],
    ]);
  });
});

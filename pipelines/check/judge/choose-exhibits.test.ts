import { describe, expect, it } from 'vitest';
import { detectionTrial, foundBox, trueBox, yard } from '../../../testing/worlds/boxes.ts';
import { bench, ITEMS } from '../../../testing/worlds/small-datasets.ts';
import { scoreAnswers, type Trial } from '#tasks';
import { chooseExhibits } from './choose-exhibits.ts';

/** Of each picture: right, or wrong with so much more score for what it is not. */
function trials(wrongBy: (index: number) => number | null): readonly Trial[] {
  const answers = bench.samples.map(({ id, truth }, index) => {
    const by = wrongBy(index);
    const [best, other] = by === null ? [truth, (truth + 1) % 3] : [(truth + 1) % 3, truth];
    return { id, ranked: [best, other, 3 - best - other], scores: [0.5 + (by ?? 0), 0.5, 0], more: 0 };
  });
  const scored = scoreAnswers(bench, answers, new Map());
  if (scored.kind === 'refused') throw new Error(scored.reason);
  return scored.trials;
}

const allRight = trials(() => null);
const shown = (candidate: readonly Trial[], reference: readonly Trial[]) =>
  chooseExhibits(bench, candidate, reference).map(({ change, id }) => `${change} ${id}`);

describe('the exhibits of detectors', () => {
  const truth = [trueBox(0)];
  const dataset = yard(Array.from({ length: 9 }, () => truth));
  /** Of each picture, how many boxes beside the right one; they lie where no other model has one. */
  const trialsOf = (from: number, beside: readonly number[]) =>
    beside.map((count, at) => {
      const others = Array.from({ length: count }, (_, one) => foundBox(from + 100 * one));
      return detectionTrial(truth, [foundBox(0), ...others], { id: `${at}.png` });
    });

  it('end with those on which the two disagree most, each picture once', () => {
    const before = trialsOf(200, [0, 1, 1, 3, 2, 4, 5, 6, 2]);
    const after = trialsOf(240, [0, 1, 0, 3, 2, 4, 5, 6, 4]);
    expect(
      chooseExhibits(dataset, after, before).map(({ change, id, weight }) => `${change} ${id} ${weight.toFixed(1)}`),
    ).toEqual([
      'lost 8.png 0.9',
      'gained 2.png 0.5',
      'apart 7.png 12.0',
      'apart 6.png 10.0',
      'apart 5.png 8.0',
      'apart 3.png 6.0',
    ]);
  });

  it('say what only one of the two has', () => {
    const [shownOnce] = chooseExhibits(dataset, trialsOf(240, [2]), trialsOf(200, [2]));
    expect(shownOnce).toMatchObject({ caption: 'only before (dashed): person x 2; only now (solid): person x 2' });
    expect(shownOnce?.boxes?.map(({ role }) => role)).toEqual(['reference', 'reference', 'candidate', 'candidate']);
  });
});

describe('the exhibits of a dataset', () => {
  it('are none where nothing changed', () => {
    expect(shown(allRight, allRight)).toEqual([]);
    expect(
      shown(
        trials(() => 0.1),
        trials(() => 0.2),
      ),
    ).toEqual([]);
  });

  it('are the clearest: eight that were lost, then four that were won', () => {
    const half = ITEMS / 2;
    const candidate = trials((index) => (index < half ? index / 100 : null));
    const reference = trials((index) => (index < half ? null : index / 100));
    expect(shown(candidate, reference)).toEqual([
      ...[29, 28, 27, 26, 25, 24, 23, 22].map((index) => `lost ${index}.png`),
      ...[59, 58, 57, 56].map((index) => `gained ${index}.png`),
    ]);
  });

  it('are the first by name where none is clearer', () => {
    const candidate = trials((index) => (index >= 3 && index < 6 ? 0.1 : null));
    expect(shown(candidate, allRight)).toEqual(['lost 3.png', 'lost 4.png', 'lost 5.png']);
  });

  it('are of what both releases were asked', () => {
    expect(
      shown(
        trials(() => 0.1),
        allRight.slice(0, 1),
      ),
    ).toEqual(['lost 0.png']);
  });
});

import { describe, expect, it } from 'vitest';
import { compareQuality } from '../../eval/index.ts';
import { gate } from '../../eval/compare.fixture.ts';
import { detectionTrial, foundBox, trueBox } from '../../testing/worlds/boxes.ts';
import { metricOn } from '../registry.ts';
import { detection } from './detection.ts';
import { wholeValue } from './ties.ts';
import type { DetectionTrial } from './trial.ts';

/** In each of so many pictures a thing, a box on it, and one on nothing of the same score, or of a lower one. */
const yard = (lower: number, count = 60) =>
  Array.from({ length: count }, (_, at) =>
    detectionTrial([trueBox(0)], [foundBox(0, 0.8), foundBox(200, 0.8 - lower)], { id: `${at}.png` }),
  );

const pooled = new Map(detection.metrics.flatMap((metric) => (metric.kind === 'pooled' ? [[metric.name, metric]] : [])));

function valuesOf(name: string, trials: readonly DetectionTrial[]) {
  const metric = pooled.get(name);
  if (metric === undefined) throw new Error(name);
  const valueOf = (some: readonly DetectionTrial[]) => wholeValue((all) => metric.prepare(all), some)?.toFixed(3);
  const settled = (ties: 'against' | 'for') => valueOf(metric.settledTogether?.(trials, ties) ?? trials);
  return [valueOf(trials), settled('against'), settled('for')];
}

describe('boxes of equal score', () => {
  it.each([
    // As they come, right and wrong in turn: of the boxes up to the k-th right one k of 2k - 1 are, whose mean over 60 is 0.525.
    ['ap', ['0.527', '0.500', '1.000']],
    ['ap50', ['0.527', '0.500', '1.000']],
    ['voc-ap', ['0.525', '0.500', '1.000']],
    ['voc2007-ap', ['0.557', '0.500', '1.000']],
    // It counts them together or not at all.
    ['recall-at-0.1-false-positives', ['0.000', '0.000', '0.000']],
    // It asks how many are found, whatever stands before them.
    ['ar100', ['1.000', '1.000', '1.000']],
  ])('in %s: as they come, the wrong ones first, the right ones first', (name, expected) => {
    expect(valuesOf(name, yard(0))).toEqual(expected);
  });

  it('may lie in two pictures, of which neither holds a tie', () => {
    const apart = [
      detectionTrial([trueBox(0)], [foundBox(200, 0.8)], { id: '0.png' }),
      detectionTrial([trueBox(0)], [foundBox(0, 0.8)], { id: '1.png' }),
    ];
    expect(valuesOf('ap50', apart)).toEqual(['0.252', '0.252', '0.505']);
  });

  it.each([
    ['there are none', yard(0.1)],
    ['all of one score are right', [detectionTrial([trueBox(0), trueBox(100)], [foundBox(0), foundBox(100)])]],
    ['they are of two classes', [detectionTrial([trueBox(0)], [foundBox(0), foundBox(200, 0.9, { named: 1 })])]],
  ])('decide nothing where %s: the very same trials', (_, trials) => {
    expect(pooled.get('ap')?.settledTogether?.(trials, 'for')).toBe(trials);
  });
});

describe('a gate on AP', () => {
  const judge = (atLeast: number, candidate: readonly DetectionTrial[], reference: readonly DetectionTrial[] | null = null) => {
    const metric = metricOn({ name: 'yard', task: 'detection' }, 'ap50');
    const asked = {
      metric,
      dataset: 'yard',
      candidate,
      reference,
      against: 'baseline',
      chipset: null,
      identical: false,
      seed: 1,
    };
    const bounded = { ...gate, dataset: 'yard', metric: 'ap50', ...(reference === null && { margin: null, atLeast }) };
    return compareQuality({ ...asked, gate: bounded, against: 'baseline' })[0];
  };

  it('decides nothing by the order of equals, and says what it could make of the number', () => {
    const finding = judge(0.8, yard(0));
    expect(finding).toMatchObject({ outcome: 'inconclusive', remedy: expect.stringContaining('no amount of data settles ties') });
    expect(finding?.reason).toMatch(
      /how ties break makes it 50(\.0)?% or 100(\.0)?%, and that alone decides between fail and pass$/,
    );
  });

  it.each([
    ['passes where the order of equals changes nothing of that', 0.3, 'pass'],
    ['fails where it does not', 1, 'fail'],
  ])('%s', (_, atLeast, outcome) => {
    const clear = outcome === 'fail' ? yard(-0.1) : yard(0);
    expect(judge(atLeast, clear)?.outcome).toBe(outcome);
  });

  it('sees no loss in a candidate that ties where the baseline did not', () => {
    const finding = judge(0, yard(0), yard(0.1));
    expect(finding?.outcome).toBe('inconclusive');
    expect(finding?.reason).toMatch(
      /how ties break makes it 50(\.0)?% or 100(\.0)?%, and that alone decides between fail and pass$/,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { bench, street } from '../../testing/worlds/small-datasets.ts';
import { top1, top5 } from '../classification/top-k.ts';
import type { RankedTrial } from '../classification/trial.ts';
import type { Detection } from './answer.ts';
import { eventRecall } from './event-recall.ts';
import { eventExhibits } from './exhibits.ts';
import { falseAlarmsPerHour } from './false-alarms.ts';
import { timeToDetect } from './time-to-detect.ts';
import { scoreDetections, type EventTrial } from './trial.ts';

const events = [
  { label: 'person', start: 10, end: 20 },
  { label: 'person', start: 40, end: 46 },
];

/** A clip of a minute, with these detections: from, to, and the seconds until the alarm. */
function clip(...spans: readonly [start: number, end: number, alarm?: number][]): EventTrial {
  const [first] = street.clips;
  if (first === undefined) throw new Error('there is a clip');
  const detections = spans.map(([start, end, alarm = 1]): Detection => ({
    label: 'person',
    start,
    end,
    alarm: start + alarm,
    peak: 0.5,
  }));
  return scoreDetections({ id: first.id, detections }, { dataset: street, item: { ...first, events }, seconds: 60 });
}

describe('a clip that a change lost or won something in', () => {
  it.each<[string, EventTrial, EventTrial, readonly [string, string, number, number][]]>([
    ['nothing', clip([10, 20]), clip([10, 20]), []],
    ['an event that is missed now', clip(), clip([10, 20]), [['lost', 'person missed, found before', 15, 10]]],
    ['an event that is found now', clip([41, 45]), clip(), [['gained', 'person found now, missed before', 43, 6]]],
    ['a new false alarm', clip([30, 34]), clip(), [['lost', 'false alarm: person', 32, 2]]],
    ['no false alarm that was there before, about then', clip([30, 34]), clip([33, 36]), []],
    ['a false alarm after one that was there', clip([34, 38]), clip([30, 34]), [['lost', 'false alarm: person', 36, 2]]],
    ['a false alarm before one that was there', clip([30, 34]), clip([34, 36]), [['lost', 'false alarm: person', 32, 2]]],
    ['no false alarm that is gone', clip(), clip([30, 34]), []],
  ])('shows %s', (_, candidate, reference, expected) => {
    const shown = eventExhibits({ candidate, reference });
    expect(shown.map(({ change, caption, at, weight }) => [change, caption, at, weight])).toEqual(expected);
  });
});

describe('a metric of sums', () => {
  const all = clip([10, 20, 2], [40, 46, 3]);
  it.each([
    ['event-recall of all', eventRecall, all, 2, 2],
    ['event-recall of half', eventRecall, clip([10, 20]), 1, 2],
    ['false alarms in a minute', falseAlarmsPerHour, clip([10, 20], [30, 31], [50, 51]), 2, 1 / 60],
    ['time to detect, over what was detected', timeToDetect, all, 5, 2],
    ['time to detect of nothing', timeToDetect, clip(), 0, 0],
  ])('gives each clip its share: %s', (_, metric, trial, numerator, denominator) => {
    expect(metric.totals(trial)).toEqual({ numerator, denominator });
  });

  it.each([
    ['one event more', eventRecall, all, clip([10, 20]), { candidate: 2, reference: 1, denominator: 2, gained: 1, lost: 0 }],
    [
      'another event',
      eventRecall,
      clip([40, 46]),
      clip([10, 20]),
      { candidate: 1, reference: 1, denominator: 2, gained: 1, lost: 1 },
    ],
    [
      'one false alarm more',
      falseAlarmsPerHour,
      clip([30, 31]),
      clip(),
      { candidate: 1, reference: 0, denominator: 1 / 60, gained: 0, lost: 1 },
    ],
    [
      'later by two seconds where both detect',
      timeToDetect,
      clip([10, 20, 3], [40, 46, 1]),
      clip([10, 20, 1]),
      { candidate: 3, reference: 1, denominator: 1, gained: 0, lost: 2 },
    ],
  ])('pairs two releases on one clip: %s', (_, metric, candidate, reference, expected) => {
    expect(metric.pair(candidate, reference)).toEqual(expected);
  });

  const ranked = (place: number): RankedTrial => {
    const [sample] = bench.samples;
    const order = [1, 2, 3, 4, 5].map((other) => (other === place ? 0 : other));
    return {
      id: sample?.id ?? '',
      ranked: order,
      scores: [5, 4, 3, 2, 1],
      more: 0,
      truth: 0,
      confidence: null,
      slices: {},
      cluster: '',
      site: null,
      seconds: null,
    };
  };
  it.each([
    [1, 1, 1],
    [2, 0, 1],
    [5, 0, 1],
    [6, 0, 0],
  ])('counts a true class at place %i: top1 %i, top5 %i', (place, first, among) => {
    expect([top1, top5].map((metric) => metric.totals(ranked(place)).numerator)).toEqual([first, among]);
  });

  it('knows by how much a unit may change: an event by the longest that there was to be late for', () => {
    expect(timeToDetect.spread.kind === 'bounded' && timeToDetect.spread.range([clip([10, 20]), clip([10, 20, 25])])).toBe(25);
    expect(timeToDetect.spread.kind === 'bounded' && timeToDetect.spread.range([clip()])).toBe(10);
  });
});

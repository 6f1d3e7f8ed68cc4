import { describe, expect, it } from 'vitest';
import { detectionTrial, foundBox, trueBox } from '../../../testing/worlds/boxes.ts';
import { METRICS } from '../../registry.ts';
import type { DetectionTrial } from '../trial.ts';

const metricOf = (name: string) => {
  const metric = METRICS.get(name)?.metric;
  if (metric === undefined) throw new Error(name);
  return metric;
};

function valueOf(name: string, trials: readonly DetectionTrial[]): number | null {
  const metric = metricOf(name);
  if (metric.kind === 'pooled') return metric.prepare(trials).value(new Float64Array(trials.length).fill(1));
  const totals = trials.map((trial) => metric.totals(trial));
  const sum = (key: 'numerator' | 'denominator') => totals.reduce((all, one) => all + one[key], 0);
  return sum('denominator') === 0 ? null : sum('numerator') / sum('denominator');
}

/** Two things, of which one is found; a box on nothing at the threshold, and one below it; then a picture with nothing in it. */
const mixed = [
  detectionTrial([trueBox(0), trueBox(100)], [foundBox(0, 0.9), foundBox(200, 0.5), foundBox(100, 0.4), foundBox(300, 0.3)]),
  detectionTrial([], [foundBox(0, 0.7)], { id: '1.png' }),
];
const inCrowd = [detectionTrial([trueBox(0, { crowd: true })], [foundBox(0), foundBox(0)])];
const unknown = [detectionTrial([trueBox(0)], [foundBox(0)], { threshold: null })];
const silent = [detectionTrial([trueBox(0)], [])];

describe('a model at its own threshold', () => {
  it.each<[string, readonly DetectionTrial[], Record<string, number | null>]>([
    ['a mixed one', mixed, { 'precision-at-threshold': 1 / 3, 'recall-at-threshold': 1 / 2, 'false-positives-per-image': 1 }],
    [
      'boxes in a crowd',
      inCrowd,
      { 'precision-at-threshold': null, 'recall-at-threshold': null, 'false-positives-per-image': 0 },
    ],
    ['no threshold', unknown, { 'precision-at-threshold': null, 'recall-at-threshold': null, 'false-positives-per-image': null }],
    ['no box', silent, { 'precision-at-threshold': null, 'recall-at-threshold': 0, 'false-positives-per-image': 0 }],
  ])('%s', (_, trials, expected) => {
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, valueOf(name, trials)]))).toEqual(expected);
  });

  it('wins and loses true boxes one by one, though as many are found', () => {
    const recall = metricOf('recall-at-threshold');
    const truth = [trueBox(0), trueBox(100)];
    const [before, after] = [detectionTrial(truth, [foundBox(0)]), detectionTrial(truth, [foundBox(100)])];
    expect(recall.kind === 'ratio' && recall.pair(after, before)).toEqual({
      candidate: 1,
      reference: 1,
      denominator: 2,
      gained: 1,
      lost: 1,
    });
  });
});

describe('recall at a rate of boxes on nothing', () => {
  /** Ten pictures with a thing each, found at 0.9 in the first five and at 0.5 in the others; so many boxes on nothing, and their score. */
  const world = (wrong: number, score: number) =>
    Array.from({ length: 10 }, (_, at) =>
      detectionTrial([trueBox(0)], [foundBox(0, at < 5 ? 0.9 : 0.5), ...(at < wrong ? [foundBox(200, score)] : [])], {
        id: `${at}`,
      }),
    );

  it.each<[string, DetectionTrial[], number]>([
    ['none at all', world(0, 0), 1],
    ['one in ten pictures: just allowed', world(1, 0.7), 1],
    ['two in ten: the threshold lies above them', world(2, 0.7), 0.5],
    ['two in ten, of the score of things: those go with them', world(2, 0.5), 0.5],
    ['two in ten, above all things', world(2, 0.95), 0],
    ['two in ten, below all things', world(2, 0.1), 1],
  ])('of a tenth: %s', (_, trials, expected) => {
    expect(valueOf('recall-at-0.1-false-positives', trials)).toBe(expected);
  });

  it('is the same whatever a model’s scores mean', () => {
    const halved = world(2, 0.7).map(({ truth, boxes, id }) =>
      detectionTrial(
        truth,
        boxes.map(([x1, y1, x2, y2, score, label]) => [x1, y1, x2, y2, score / 2, label]),
        { id },
      ),
    );
    expect(valueOf('recall-at-0.1-false-positives', halved)).toBe(0.5);
  });

  it('is not defined without a true box', () => {
    expect(valueOf('recall-at-1-false-positives', [detectionTrial([], [foundBox(0)])])).toBeNull();
  });
});

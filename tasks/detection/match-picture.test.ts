import { describe, expect, it } from 'vitest';
import type { TrueBox } from '#datasets';
import { foundBox, trueBox } from '../../testing/worlds/boxes.ts';
import { matchPicture, type BoxRow } from './match-picture.ts';

/** Of boxes in the order of the answer: what each is at an overlap of a half, and the true box that it took. */
function told(truth: readonly TrueBox[], boxes: readonly BoxRow[]): string[] {
  const { order, right, ignored, partners } = matchPicture(truth, boxes);
  const by = new Map(order.entries().map(([place, box]) => [box, place]));
  return boxes.map((_, box) => {
    const place = by.get(box) ?? -1;
    if (((right[place] ?? 0) & 1) === 1) return `right ${partners[place]}`;
    return ((ignored[place] ?? 0) & 1) === 1 ? 'aside' : 'wrong';
  });
}

describe('boxes held against the truth, at an overlap of a half', () => {
  it.each<[string, TrueBox[], BoxRow[], string[]]>([
    ['where the thing is', [trueBox(0)], [foundBox(0)], ['right 0']],
    ['two thirds on it', [trueBox(0)], [foundBox(0, 0.9, { slip: 8 })], ['right 0']],
    ['a third on it', [trueBox(0)], [foundBox(0, 0.9, { slip: 20 })], ['wrong']],
    ['on a thing of another class', [trueBox(0, { class: 1 })], [foundBox(0)], ['wrong']],
    ['where there is nothing', [], [foundBox(0)], ['wrong']],
    ['two on one thing: the better score has it', [trueBox(0)], [foundBox(0, 0.6), foundBox(0, 0.9)], ['wrong', 'right 0']],
    [
      'two of one score: the first in the answer has it',
      [trueBox(0)],
      [foundBox(0, 0.9), foundBox(0, 0.9)],
      ['right 0', 'wrong'],
    ],
    ['between two: the one that it overlaps more', [trueBox(0), trueBox(12)], [foundBox(0, 0.9, { slip: 8 })], ['right 1']],
    [
      'second on one thing: the next best that is free',
      [trueBox(0), trueBox(8)],
      [foundBox(0, 0.9), foundBox(0, 0.8)],
      ['right 0', 'right 1'],
    ],
    ['on what is too hard to be asked for', [trueBox(0, { ignore: true })], [foundBox(0), foundBox(0, 0.8)], ['aside', 'wrong']],
    [
      'in a crowd, any number',
      [trueBox(0, { crowd: true, box: [0, 0, 200, 40] })],
      [foundBox(0), foundBox(40), foundBox(150)],
      ['aside', 'aside', 'aside'],
    ],
    ['in a crowd, though there is one to be found', [trueBox(0, { crowd: true }), trueBox(8)], [foundBox(0)], ['right 1']],
    ['of no size', [trueBox(0)], [[5, 5, 5, 5, 0.9, 0]], ['wrong']],
  ])('%s', (_, truth, boxes, expected) => {
    expect(told(truth, boxes)).toEqual(expected);
  });
});

describe('boxes as Pascal VOC counts them', () => {
  it.each<[string, TrueBox[], BoxRow[], string[]]>([
    ['where the thing is', [trueBox(0)], [foundBox(0)], ['right']],
    [
      'second on one thing: wrong, though another is free',
      [trueBox(0), trueBox(8)],
      [foundBox(0, 0.9), foundBox(0, 0.8)],
      ['right', 'wrong'],
    ],
    ['on what is difficult', [trueBox(0, { ignore: true })], [foundBox(0), foundBox(0, 0.8)], ['aside', 'aside']],
    ['where there is nothing', [], [foundBox(0)], ['wrong']],
  ])('%s', (_, truth, boxes, expected) => {
    expect(matchPicture(truth, boxes).voc).toEqual(expected);
  });
});

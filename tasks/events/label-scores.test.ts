import { describe, expect, it } from 'vitest';
import type { DetectedBox } from '#kernel';
import type { EventRule } from '#datasets';
import { scoresOfBoxes, scoresOfClasses } from './label-scores.ts';

const rule: EventRule = {
  labels: { animal: [1, 2], person: [0] },
  framesPerSecond: 5,
  persistence: 1,
  mergeGap: 0,
  tolerance: 0,
};
/** Ten by twenty pixels, with its feet at (x, y) in a frame of 100 by 100. */
const box = (named: number, score: number, [x, y]: [number, number] = [50, 50]): DetectedBox => {
  return { x1: x - 5, y1: y - 20, x2: x + 5, y2: y, score, class: named };
};
const frame = { site: 'yard', width: 100, height: 100 };

describe('the score of a label in a frame', () => {
  it('is the sum over its classes where the frame is scored as a whole', () => {
    expect(scoresOfClasses(Float32Array.of(0.125, 0.25, 0.5), rule)).toEqual({ animal: 0.75, person: 0.125 });
  });

  it('is that of the best box of its classes where there are boxes, and 0 where there is none', () => {
    expect(scoresOfBoxes([box(1, 0.25), box(2, 0.5), box(1, 0.375)], rule, frame)).toEqual({ animal: 0.5, person: 0 });
  });

  it.each<[string, number, number]>([
    ['large enough to the pixel', 0.02, 0.5],
    ['too small', 0.0201, 0],
  ])('looks at boxes of a least share of the frame: %s', (_, minimumArea, expected) => {
    expect(scoresOfBoxes([box(0, 0.5)], { ...rule, minimumArea }, frame)['person']).toBe(expected);
  });

  it('counts no part of a box that lies outside the frame', () => {
    const half = box(0, 0.5, [0, 50]);
    expect(scoresOfBoxes([half], { ...rule, minimumArea: 0.01 }, frame)['person']).toBe(0.5);
    expect(scoresOfBoxes([half], { ...rule, minimumArea: 0.011 }, frame)['person']).toBe(0);
  });

  // The right half, and a triangle in the lower left.
  const zones = {
    yard: [
      [
        [0.5, 0],
        [1, 0],
        [1, 1],
        [0.5, 1],
      ],
      [
        [0, 1],
        [0, 0.6],
        [0.4, 1],
      ],
    ],
  } as const;

  it.each<[string, [number, number], string, number]>([
    ['in the right half', [75, 50], 'yard', 0.5],
    ['with its feet on the edge of it', [50, 50], 'yard', 0.5],
    ['beside it, though half of the box is in', [49, 50], 'yard', 0],
    ['in the triangle', [5, 90], 'yard', 0.5],
    ['in neither', [30, 80], 'yard', 0],
    ['below the frame: it stands on its lower edge', [75, 130], 'yard', 0.5],
    ['anywhere, at a site without zones', [30, 80], 'lobby', 0.5],
    ['at a site of a name that every object has', [30, 80], 'constructor', 0.5],
  ])('looks at boxes that stand in a zone: %s', (_, feet, site, expected) => {
    expect(scoresOfBoxes([box(0, 0.5, feet)], { ...rule, zones }, { ...frame, site })['person']).toBe(expected);
  });

  it('sees the notch of a polygon that bends inwards, and its order of corners does not matter', () => {
    const arrow = [
      [0, 0],
      [1, 0.5],
      [0, 1],
      [0.5, 0.5],
    ] as const;
    for (const polygon of [arrow, arrow.toReversed()]) {
      const at = (feet: [number, number]) =>
        scoresOfBoxes([box(0, 0.5, feet)], { ...rule, zones: { yard: [polygon] } }, frame)['person'];
      expect([at([80, 50]), at([25, 50]), at([20, 15]), at([90, 20])]).toEqual([0.5, 0, 0.5, 0]);
    }
  });
});

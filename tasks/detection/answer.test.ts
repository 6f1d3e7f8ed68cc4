import { describe, expect, it } from 'vitest';
import type { InferResponse } from '#kernel';
import { foundBox, trueBox, yard, YARD } from '../../testing/worlds/boxes.ts';
import { boxesFault, boxesSchema, decodeBoxes, MOST_BOXES } from './answer.ts';
import type { BoxRow } from './match-picture.ts';

const response = (rows: readonly (readonly number[])[]): InferResponse => ({
  modelName: 'yard',
  outputs: [
    {
      name: 'detections',
      datatype: 'FP32',
      shape: [rows.length, 7],
      data: new Uint8Array(Float32Array.from(rows.flat()).buffer),
    },
  ],
});
const { samples } = yard([[trueBox(0)], []]);

describe('the boxes that a detector answers', () => {
  it('are read picture by picture, by the dataset’s classes; those that it does not ask about are left out', () => {
    const rows = [
      [1, 1, 2, 3, 4, 0.5, 0],
      [0, 5, 6, 7, 8, 0.25, 2],
      [0, 0, 0, 9, 9, 0.75, 1],
    ];
    expect(decodeBoxes(response(rows), samples, { toDataset: [1, null, 0] }, 0.5)).toEqual([
      { id: '0.png', threshold: 0.5, boxes: [[5, 6, 7, 8, 0.25, 0]] },
      { id: '1.png', threshold: 0.5, boxes: [[1, 2, 3, 4, 0.5, 1]] },
    ]);
  });

  it('may be none', () => {
    expect(decodeBoxes(response([]), samples, { toDataset: [0] }, null).map(({ boxes }) => boxes)).toEqual([[], []]);
  });

  it('are refused where there is no end of them', () => {
    const rows = Array.from({ length: MOST_BOXES + 1 }, () => [1, 0, 0, 1, 1, 0.5, 0]);
    expect(() => decodeBoxes(response(rows), samples, { toDataset: [0] }, null)).toThrow(/finds 1001 boxes in 1.png/);
  });

  it.each<[string, BoxRow, boolean]>([
    ['a square', foundBox(0), true],
    ['one that sticks out of the picture', [-5, -5, 4000, 4000, 0.5, 2], true],
    ['one of no size', [5, 5, 5, 5, 0.5, 0], true],
    ['one that ends before it begins', [5, 0, 4, 1, 0.5, 0], false],
    ['one upside down', [0, 5, 1, 4, 0.5, 0], false],
    ['a class that there is not', foundBox(0, 0.5, { named: 3 }), false],
  ])('can be in a picture, or not: %s', (_, row, isPossible) => {
    const fault = boxesFault({ id: '0.png', threshold: null, boxes: [foundBox(0), row] }, YARD);
    expect(fault).toBe(isPossible ? null : 'is answered with a box that cannot be in it');
  });

  it.each<[string, unknown, boolean]>([
    ['as they are', { id: 'a', threshold: 0.5, boxes: [foundBox(0)] }, true],
    ['without a threshold', { id: 'a', threshold: null, boxes: [] }, true],
    ['with a match beside them', { id: 'a', threshold: 0.5, boxes: [], matches: [] }, false],
    ['with a corner that is no number', { id: 'a', threshold: 0.5, boxes: [[Number.NaN, 0, 1, 1, 0.5, 0]] }, false],
    ['with a corner beyond every picture', { id: 'a', threshold: 0.5, boxes: [[0, 0, 1e9, 1, 0.5, 0]] }, false],
    ['with a score without end', { id: 'a', threshold: 0.5, boxes: [[0, 0, 1, 1, Infinity, 0]] }, false],
    ['with half a class', { id: 'a', threshold: 0.5, boxes: [[0, 0, 1, 1, 0.5, 0.5]] }, false],
    ['with a corner too few', { id: 'a', threshold: 0.5, boxes: [[0, 0, 1, 0.5, 0]] }, false],
    ['without end', { id: 'a', threshold: 0.5, boxes: Array.from({ length: MOST_BOXES + 1 }, () => foundBox(0)) }, false],
  ])('come in a part %s, or not at all', (_, given, isOne) => {
    expect(boxesSchema.safeParse(given).success).toBe(isOne);
  });
});

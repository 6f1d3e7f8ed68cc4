import { describe, expect, it } from 'vitest';
import { overlap, suppress } from './nms.ts';
import type { Box } from './outputs/boxes.ts';

const box = (x1: number, x2: number, score: number, index = 0): Box => ({ x1, y1: 0, x2, y2: 10, score, index, landmarks: null });
/** Two that overlap by 8/12, one of another class over them, one that lies apart. */
const BOXES = [box(0, 10, 0.5), box(2, 12, 0.9), box(0, 10, 0.7, 1), box(50, 60, 0.1)];
const scores = (boxes: readonly Box[]) => boxes.map(({ score }) => score);

describe('non-maximum suppression', () => {
  it.each([
    ['none keeps all, the best first', { nms: 'none' }, [0.9, 0.7, 0.5, 0.1]],
    ['per class leaves other classes alone', { nms: 'per-class', iou: 0.5 }, [0.9, 0.7, 0.1]],
    ['agnostic does not', { nms: 'agnostic', iou: 0.5 }, [0.9, 0.1]],
    ['an overlap of exactly iou stays', { nms: 'per-class', iou: 8 / 12 }, [0.9, 0.7, 0.5, 0.1]],
    ['no more than at-most', { nms: 'none', 'at-most': 2 }, [0.9, 0.7]],
    ['what was suppressed is not counted', { nms: 'agnostic', iou: 0.5, 'at-most': 2 }, [0.9, 0.1]],
  ] as const)('%s', (_, how, expected) => {
    expect(scores(suppress(BOXES, { 'at-most': 300, ...how }))).toEqual(expected);
  });

  it('does not let a suppressed box suppress another', () => {
    const chain = [box(0, 10, 0.9), box(4, 14, 0.8), box(8, 18, 0.7)];
    expect(scores(suppress(chain, { nms: 'per-class', iou: 0.4, 'at-most': 300 }))).toEqual([0.9, 0.7]);
  });

  it('keeps equal scores in the order in which the model gave them', () => {
    const equal = [box(0, 10, 0.5), box(50, 60, 0.5), box(1, 11, 0.5)];
    expect(suppress(equal, { nms: 'per-class', iou: 0.5, 'at-most': 300 }).map(({ x1 }) => x1)).toEqual([0, 50]);
  });

  it('sees no overlap of boxes that only touch, are empty or are turned inside out', () => {
    expect(overlap(box(0, 10, 1), box(10, 20, 1))).toBe(0);
    expect(overlap(box(5, 5, 1), box(5, 5, 1))).toBe(0);
    expect(overlap(box(9, 1, 1), box(0, 10, 1))).toBe(0);
    expect(overlap(box(0, 10, 1), box(0, 10, 1))).toBe(1);
  });
});

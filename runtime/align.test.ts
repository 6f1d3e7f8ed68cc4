import { describe, expect, it } from 'vitest';
import { alignFace, cropBox, largest } from './align.ts';
import type { Box } from './outputs/boxes.ts';

/** A picture in which red says the column and green the row. */
const side = 250;
const rgb = new Uint8Array(side * side * 3);
for (let at = 0; at < side * side; at += 1) rgb.set([at % side, Math.floor(at / side), 7], at * 3);
const PICTURE = { width: side, height: side, rgb };

const TEMPLATE = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
];
const moved = (way: (x: number, y: number) => [number, number]) => TEMPLATE.flatMap(([x = 0, y = 0]) => way(x, y));
const pixel = (face: Uint8Array | null, x: number, y: number, width = 112) => [
  ...(face?.subarray((y * width + x) * 3, (y * width + x) * 3 + 3) ?? []),
];
const box = (x1: number, y1: number, x2: number, y2: number, score: number): Box => {
  return { x1, y1, x2, y2, score, index: 0, landmarks: null };
};

describe('five points', () => {
  it('bring a face of twice the size to its place', () => {
    const face = alignFace(
      PICTURE,
      moved((x, y) => [2 * x + 10, 2 * y + 5]),
      { width: 112, height: 112 },
    );
    for (const [x, y] of [
      [0, 0],
      [50, 70],
      [111, 111],
    ] as const)
      expect(pixel(face, x, y)).toEqual([2 * x + 10, 2 * y + 5, 7]);
  });

  it('turn a face that lies on its side, and are bilinear between pixels', () => {
    const face = alignFace(
      PICTURE,
      moved((x, y) => [-y + 200, x + 20]),
      { width: 112, height: 112 },
    );
    expect(pixel(face, 30, 60)).toEqual([140, 50, 7]);
    const between = alignFace(
      PICTURE,
      moved((x, y) => [x + 0.4, y + 0.6]),
      { width: 112, height: 112 },
    );
    expect(pixel(between, 10, 20)).toEqual([10, 21, 7]);
  });

  it('never mirror: the nearest turn is taken, of points that no turn brings there', () => {
    const face = alignFace(
      PICTURE,
      moved((x, y) => [-x + 150, y + 20]),
      { width: 112, height: 112 },
    );
    expect(face?.length).toBe(112 * 112 * 3);
  });

  it('leave black what lies outside, and are scaled for a model of 224', () => {
    const face = alignFace(
      PICTURE,
      moved((x, y) => [x - 50, y - 50]),
      { width: 224, height: 224 },
    );
    expect(pixel(face, 0, 0, 224)).toEqual([0, 0, 0]);
    expect(pixel(face, 200, 200, 224)).toEqual([50, 50, 7]);
  });

  it.each([[[]], [Array.from({ length: 10 }, () => 5)], [Array.from({ length: 10 }, () => Number.NaN)]])(
    'that are no five places are no face: %j',
    (points) => {
      expect(alignFace(PICTURE, points, { width: 112, height: 112 })).toBeNull();
    },
  );
});

describe('the subject of a picture', () => {
  it('is the largest box that counts', () => {
    const boxes = [box(0, 0, 10, 10, 0.9), box(0, 0, 30, 30, 0.7), box(0, 0, 90, 90, 0.3)];
    expect(largest(boxes, 0.5)).toBe(boxes[1]);
    expect(largest(boxes, 0.95)).toBeNull();
  });

  it('is cut at the edges of the picture, and is none outside of it', () => {
    expect(cropBox(PICTURE, box(-5, 240.9, 3.7, 300, 1))).toMatchObject({ width: 3, height: 10 });
    expect(pixel(cropBox(PICTURE, box(20, 30, 60, 60, 1))?.rgb ?? null, 1, 2, 40)).toEqual([21, 32, 7]);
    expect(cropBox(PICTURE, box(-50, 0, -10, 40, 1))).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { padded } from './fit-picture.ts';
import { planFit, toSource } from './geometry.ts';
import type { Preprocess } from './description/preprocess.ts';

type Fit = Pick<Preprocess, 'resize' | 'crop'>;
const letterbox = (place: 'centre' | 'top-left', width = 640, height = 640): Fit => ({
  resize: { width, height, fit: 'letterbox', place, pad: 114, kernel: 'linear' },
});

describe('a letterbox', () => {
  it.each([
    // Ultralytics' LetterBox(640): r = 640 / 810; round(1080 r) = 853 cut to what is there, round(810 r), round(dh - 0.1).
    ['centre', [810, 1080], { width: 480, height: 640 }, { left: 80, top: 0 }],
    ['centre', [768, 432], { width: 640, height: 360 }, { left: 0, top: 140 }],
    ['centre', [500, 333], { width: 640, height: 426 }, { left: 0, top: 107 }],
    ['centre', [501, 333], { width: 640, height: 425 }, { left: 0, top: 107 }],
    // YOLOX' preproc and SCRFD's detect: int(side x r).
    ['top-left', [500, 333], { width: 640, height: 426 }, { left: 0, top: 0 }],
    ['top-left', [333, 500], { width: 426, height: 640 }, { left: 0, top: 0 }],
    ['top-left', [2000, 1], { width: 640, height: 1 }, { left: 0, top: 0 }],
  ] as const)('%s, of %j', (place, [width, height], resize, at) => {
    const plan = planFit({ width, height }, letterbox(place));
    expect([plan.resize, plan.place, plan.input]).toEqual([resize, at, { width: 640, height: 640 }]);
  });

  it('is filled around the picture, with a value or a colour', () => {
    const plan = planFit({ width: 2, height: 1 }, letterbox('centre', 2, 4));
    const nines = (count: number) => Array.from({ length: count }, () => 9);
    expect([...padded(Uint8Array.of(1, 2, 3, 4, 5, 6), plan, 9)]).toEqual([...nines(6), 1, 2, 3, 4, 5, 6, ...nines(12)]);
    expect([...padded(Uint8Array.of(1, 2, 3, 4, 5, 6), plan, [7, 8, 9])].slice(0, 7)).toEqual([7, 8, 9, 7, 8, 9, 1]);
  });
});

describe('the way back to the picture', () => {
  it.each<[string, Fit]>([
    ['a letterbox in the centre', letterbox('centre')],
    ['a letterbox at the top left', letterbox('top-left')],
    ['a stretch', { resize: { width: 640, height: 480, kernel: 'linear' } }],
    ['a crop of the centre', { resize: { 'shorter-side': 256, kernel: 'linear' }, crop: { width: 224, height: 224 } }],
  ])('out of %s ends at the very corners that went in', (_, fit) => {
    for (const [width, height] of [
      [501, 333],
      [333, 501],
      [1920, 1080],
      [64, 64],
    ] as const) {
      const plan = planFit({ width, height }, fit);
      const back = toSource(plan, { width, height });
      const [left, top] = [plan.place.left - plan.window.left, plan.place.top - plan.window.top];
      expect([back.x(left), back.y(top)]).toEqual([0, 0]);
      expect(back.x(left + plan.resize.width)).toBeCloseTo(width, 9);
      expect(back.y(top + plan.resize.height)).toBeCloseTo(height, 9);
    }
  });
});

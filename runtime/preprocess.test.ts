import { describe, expect, it } from 'vitest';
import { planResize } from './geometry.ts';
import { fromHalf, toHalf } from './half.ts';
import { classCount, softmax } from './outputs/scores.ts';
import { newInput, pixelTables, writePicture, type InputType } from './preprocess.ts';
import type { Preprocess } from './model-description.ts';

const plain: Preprocess = {
  resize: { width: 2, height: 1, kernel: 'linear' },
  orientation: 'stored',
  channels: 'rgb',
  layout: 'nchw',
  range: [0, 255],
  mean: 0,
  std: 1,
};
/** A red-ish pixel and a blue-ish one. */
const RGB = Uint8Array.of(250, 10, 20, 30, 40, 200);

const written = (options: Partial<Preprocess>, type: InputType = 'float32') => {
  const preprocess = { ...plain, ...options };
  const target = newInput(type, options.channels === 'gray' ? 2 : 6);
  writePicture(RGB, pixelTables(preprocess, type), preprocess, target, 0);
  return [...target];
};

/** IEEE 754 binary16, straight from its definition. */
const halfValue = (bits: number) => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
};

const planCrop = (width: number, height: number, side: number, crop: { width: number; height: number }) =>
  planResize({ width, height }, { resize: { 'shorter-side': side, kernel: 'linear' }, crop });

describe('writing a picture into a batch', () => {
  it('separates the channels in nchw and keeps them together in nhwc, in the order asked for', () => {
    expect(written({})).toEqual([250, 30, 10, 40, 20, 200]);
    expect(written({ channels: 'bgr' })).toEqual([20, 200, 10, 40, 250, 30]);
    expect(written({ layout: 'nhwc' })).toEqual([250, 10, 20, 30, 40, 200]);
    expect(written({ layout: 'nhwc', channels: 'bgr' })).toEqual([20, 10, 250, 200, 40, 30]);
  });

  it('maps pixels to the range, then takes off the mean and divides by std, channel by channel in the order of channels', () => {
    const values = written({ channels: 'bgr', range: [0, 1], mean: [0.1, 0.2, 0.3], std: [1, 2, 0.5] });
    const expected = [
      20 / 255 - 0.1,
      200 / 255 - 0.1,
      (10 / 255 - 0.2) / 2,
      (40 / 255 - 0.2) / 2,
      (250 / 255 - 0.3) * 2,
      (30 / 255 - 0.3) * 2,
    ];
    expect(values).toEqual([...Float32Array.from(expected)]);
    expect(written({ range: [-1, 1] })[0]).toBe(Math.fround(-1 + (2 * 250) / 255));
  });

  it('makes grey as PIL does, and leaves what is grey as it is', () => {
    expect(written({ channels: 'gray' }, 'uint8')).toEqual([83, 55]); // 0.299 R + 0.587 G + 0.114 B: 82.9 and 55.25
    const every = Uint8Array.from({ length: 768 }, (_, index) => Math.floor(index / 3));
    const target = newInput('uint8', 256);
    writePicture(every, pixelTables({ ...plain, channels: 'gray' }, 'uint8'), { channels: 'gray', layout: 'nchw' }, target, 0);
    expect([...target]).toEqual(Array.from({ length: 256 }, (_, index) => index));
  });

  it('writes half-precision bits for float16, and the pixels themselves for uint8', () => {
    expect([...fromHalf(Uint16Array.from(written({}, 'float16')))]).toEqual([250, 30, 10, 40, 20, 200]);
    expect(written({}, 'uint8')).toEqual([250, 30, 10, 40, 20, 200]);
  });

  it('leaves the other pictures of the batch alone', () => {
    const target = newInput('uint8', 18).fill(7);
    writePicture(RGB, pixelTables(plain, 'uint8'), plain, target, 6);
    expect([...target]).toEqual([7, 7, 7, 7, 7, 7, 250, 30, 10, 40, 20, 200, 7, 7, 7, 7, 7, 7]);
  });
});

describe('half precision', () => {
  it('reads all of the 65,536 patterns as IEEE 754 defines them, and writes back what is no NaN', () => {
    const bits = Uint16Array.from({ length: 65_536 }, (_, index) => index);
    const values = fromHalf(bits);
    expect([...values]).toEqual(Array.from(bits, halfValue));
    const real = bits.filter((pattern) => !Number.isNaN(halfValue(pattern)));
    expect(toHalf([...fromHalf(real)])).toEqual(real);
  });

  it('rounds to nearest, ties to even, over every pair of neighbours', () => {
    const finite = Array.from({ length: 0x7bff }, (_, index) => index);
    const between = (share: number) => finite.map((bits) => halfValue(bits) + (halfValue(bits + 1) - halfValue(bits)) * share);
    expect([...toHalf(between(0.5))]).toEqual(finite.map((bits) => bits + (bits % 2)));
    expect([...toHalf(between(0.4999))]).toEqual(finite);
    expect([...toHalf(between(0.5001))]).toEqual(finite.map((bits) => bits + 1));
    expect([...toHalf([65_519.9, 65_520, -0, 2 ** -25])]).toEqual([0x7bff, 0x7c00, 0x8000, 0]);
  });

  it('reads from the middle of a buffer', () => {
    expect([...fromHalf(Uint16Array.of(0, 0x3c00, 0xc000).subarray(1))]).toEqual([1, -2]);
  });
});

describe('the resize plan', () => {
  it('keeps the shape and crops the centre, as torchvision does', () => {
    // transforms.Resize(256) gives 341 for 500 x 375: int(256 * 500 / 375) = int(341.33).
    expect(planCrop(500, 375, 256, { width: 224, height: 224 })).toEqual({
      resize: { width: 341, height: 256 },
      window: { left: 58, top: 16, width: 224, height: 224 },
    });
    expect(planCrop(375, 500, 256, { width: 224, height: 224 }).window).toMatchObject({ left: 16, top: 58 });
    // (35 - 4) / 2 = 15.5 and (33 - 4) / 2 = 14.5: half to even.
    expect(planCrop(35, 33, 33, { width: 4, height: 4 }).window).toMatchObject({ left: 16, top: 14 });
  });

  it('takes width and height as they are, and all of it without a crop', () => {
    expect(planResize({ width: 9, height: 9 }, plain)).toEqual({
      resize: { width: 2, height: 1 },
      window: { left: 0, top: 0, width: 2, height: 1 },
    });
  });
});

describe('scores', () => {
  it('are [N, C], with dimensions of 1 behind them dropped', () => {
    expect([[1, 3], [2, 3, 1, 1], [1, 3, 8, 8], [3], [1, 0]].map(classCount)).toEqual([3, 3, null, null, null]);
  });

  it('become shares of each row by softmax, without overflow', () => {
    const scores = Float32Array.of(1000, 1000, 0, Math.log(3));
    softmax(scores, 2);
    expect([...scores].map((value) => Number(value.toFixed(6)))).toEqual([0.5, 0.5, 0.25, 0.75]);
  });
});

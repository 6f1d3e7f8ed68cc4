import { describe, expect, it } from 'vitest';
import { detectionsOf } from './detections.ts';
import type { InferResponse } from './inference-protocol.ts';

const ROW = [0, 1, 2, 30, 40, 0.5, 1];
const answer = (rows: readonly (readonly number[])[], shape = [rows.length, 7], name = 'detections'): InferResponse => ({
  modelName: 'yolo',
  outputs: [{ name, datatype: 'FP32', shape, data: new Uint8Array(Float32Array.from(rows.flat()).buffer) }],
});

describe('boxes that a model answers', () => {
  it('are those of each picture, in the order of the answer', () => {
    const rows = [[1, 0, 0, 4, 4, 0.25, 0], ROW, [1, 5, 5, 5, 6, 0.75, 2]];
    expect(detectionsOf(answer(rows), 3, 3)).toEqual([
      [{ x1: 1, y1: 2, x2: 30, y2: 40, score: 0.5, class: 1 }],
      [
        { x1: 0, y1: 0, x2: 4, y2: 4, score: 0.25, class: 0 },
        { x1: 5, y1: 5, x2: 5, y2: 6, score: 0.75, class: 2 },
      ],
      [],
    ]);
  });

  const tracked = (tracks: readonly number[], shape = [tracks.length]): InferResponse => {
    const data = new Uint8Array(BigInt64Array.from(tracks, BigInt).buffer);
    return {
      ...answer([ROW, ROW]),
      outputs: [...answer([ROW, ROW]).outputs, { name: 'tracks', datatype: 'INT64', shape, data }],
    };
  };

  it('may say which thing each is over the pictures of a sequence, or that it is none', () => {
    expect(detectionsOf(tracked([7, -1]), 1, 3)[0]?.map(({ track }) => track)).toEqual([7, undefined]);
  });

  it.each<[string, InferResponse, RegExp]>([
    ['for fewer boxes', tracked([1]), /"tracks" has shape \[1\] where there are 2 boxes/],
    ['of another shape', tracked([1, 2], [2, 1]), /shape \[2, 1\]/],
    ['below none', tracked([1, -2]), /-2 is no track/],
    ['too large to be told apart', tracked([2 ** 24 + 1, 1]), /16777216 is no track/],
  ])('are refused with tracks %s', (_, given, message) => {
    expect(() => detectionsOf(given, 1, 3)).toThrow(message);
  });

  it('may be none', () => {
    expect(detectionsOf(answer([], [0, 7]), 2, 3)).toEqual([[], []]);
  });

  it.each<[string, InferResponse, RegExp]>([
    ['of another name, beside others', { ...answer([ROW]), outputs: [] }, /no output "detections", but none/],
    ['of six columns', answer([ROW.slice(1)], [1, 6]), /shape \[1, 6\] where boxes are expected: \[boxes, 7\]/],
    ['of a picture that was not sent', answer([ROW.with(0, 1)]), /row 0: there is no picture 1 of 1/],
    ['of a class that there is not', answer([ROW.with(6, 3)]), /row 0: there is no class 3 of 3/],
    ['of a class between two', answer([ROW.with(6, 0.5)]), /there is no class 0.5/],
    ['with a score that is none', answer([ROW, ROW.with(5, Number.NaN)]), /row 1: it holds a number that is none/],
    ['that end before they begin', answer([ROW.with(3, 0)]), /ends before it begins/],
  ])('are refused: %s', (_, given, message) => {
    expect(() => detectionsOf(given, 1, 3)).toThrow(message);
  });
});

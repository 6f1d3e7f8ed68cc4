import { describe, expect, it } from 'vitest';
import { embeddingsOf } from './embeddings.ts';
import type { InferResponse, Tensor } from './inference-protocol.ts';

const points = (rows: readonly (readonly number[])[], name = 'embeddings'): Tensor => ({
  name,
  datatype: 'FP32',
  shape: [rows.length, rows[0]?.length ?? 0],
  data: new Uint8Array(Float32Array.from(rows.flat()).buffer),
});
const found = (...flags: number[]): Tensor => ({
  name: 'found',
  datatype: 'UINT8',
  shape: [flags.length],
  data: Uint8Array.from(flags),
});
const answer = (...outputs: Tensor[]): InferResponse => ({ modelName: 'faces', outputs });

describe('embeddings that a model answers', () => {
  it('are one point for each picture', () => {
    expect(
      embeddingsOf(
        answer(
          points(
            [
              [1, 0],
              [0, 2],
            ],
            'output',
          ),
        ),
        2,
      ),
    ).toEqual([Float32Array.of(1, 0), Float32Array.of(0, 2)]);
  });

  it('are none of a picture in which nothing was found', () => {
    expect(
      embeddingsOf(
        answer(
          points([
            [0, 0],
            [0, 2],
          ]),
          found(0, 1),
        ),
        2,
      ),
    ).toEqual([null, Float32Array.of(0, 2)]);
  });

  it.each<[string, InferResponse, RegExp]>([
    ['of fewer pictures', answer(points([[1, 0]])), /shape \[1, 2\] where \[2, dimensions\] is expected/],
    ['of several outputs, none of that name', answer(points([[1]], 'a'), points([[1]], 'b')), /no output "embeddings", but a, b/],
    [
      'that point nowhere',
      answer(
        points([
          [1, 0],
          [0, 0],
        ]),
      ),
      /row 1: it points nowhere/,
    ],
    [
      'that are no numbers',
      answer(
        points([
          [1, 0],
          [Number.NaN, 1],
        ]),
      ),
      /row 1: it points nowhere/,
    ],
    [
      'with too few words on what was found',
      answer(
        points([
          [1, 0],
          [1, 1],
        ]),
        found(1),
      ),
      /"found" holds 1 numbers for 2/,
    ],
  ])('are refused: %s', (_, given, message) => {
    expect(() => embeddingsOf(given, 2)).toThrow(message);
  });
});

import { describe, expect, it } from 'vitest';
import type { InferResponse } from '#kernel';
import { embedded, faces } from '../testing/worlds/small-pairs.ts';
import { cosine, decodeEmbedded, directionsOf, embeddedFault, embeddedSchema } from './embedded.ts';

const response = (rows: readonly (readonly number[])[], found: readonly number[]): InferResponse => ({
  modelName: 'faces',
  outputs: [
    {
      name: 'embeddings',
      datatype: 'FP32',
      shape: [rows.length, rows[0]?.length ?? 0],
      data: new Uint8Array(Float32Array.from(rows.flat()).buffer),
    },
    { name: 'found', datatype: 'UINT8', shape: [found.length], data: Uint8Array.from(found) },
  ],
});

describe('what an embedder answered', () => {
  it('is a point for each picture, bit by bit, or that nothing was found', () => {
    const answers = decodeEmbedded(
      response(
        [
          [0.1, -3],
          [0, 0],
        ],
        [1, 0],
      ),
      faces.samples.slice(0, 2),
    );
    expect(answers).toEqual([embedded('anna 1', [0.1, -3]), embedded('anna 2', null)]);
    const [direction] = directionsOf(answers).values();
    const length = Math.hypot(Math.fround(0.1), 3);
    expect([...(direction ?? [])]).toEqual([Math.fround(0.1) / length, -3 / length]);
  });

  it.each<[string, object, boolean]>([
    ['as it is', embedded('a.jpg', [1, 2]), true],
    ['with nothing found', embedded('a.jpg', null), true],
    ['with a truth beside it', { ...embedded('a.jpg', [1]), identity: 'anna' }, false],
    ['as numbers', { id: 'a.jpg', embedding: [1, 2] }, false],
    ['as no base64', { id: 'a.jpg', embedding: '???' }, false],
    [
      'longer than any',
      embedded(
        'a.jpg',
        Array.from({ length: 8193 }, () => 1),
      ),
      false,
    ],
  ])('comes in a part %s, or not at all', (_, given, isOne) => {
    expect(embeddedSchema.safeParse(given).success).toBe(isOne);
  });

  it.each<[string, string | null, boolean]>([
    ['a point', embedded('', [1, -2]).embedding, true],
    ['nothing found', null, true],
    ['nowhere', embedded('', [0, 0]).embedding, false],
    ['endless', embedded('', [1, Infinity]).embedding, false],
    ['no number', embedded('', [Number.NaN]).embedding, false],
    ['half a number', 'AAA=', false],
  ])('has a direction, or is refused: %s', (_, embedding, isOne) => {
    expect(embeddedFault({ id: 'a.jpg', embedding })).toBe(isOne ? null : 'is answered with no embedding');
  });

  it('is compared by direction: length says nothing', () => {
    const [a, b, c] = [...directionsOf([embedded('a', [1, 1]), embedded('b', [5, 5]), embedded('c', [-2, 2])]).values()];
    if (a === undefined || b === undefined || c === undefined || a === null || b === null || c === null) throw new Error('three');
    expect(cosine(a, b)).toBeCloseTo(1, 12);
    expect(cosine(a, c)).toBeCloseTo(0, 12);
    expect(cosine(a, Float64Array.of(1))).toBeCloseTo(Math.SQRT1_2, 12);
  });
});

import { describe, expect, it } from 'vitest';
import type { BoxRule } from './box-rule.ts';
import type { InferResponse } from './inference-protocol.ts';
import { expectedScoresSchema, replayScores } from './site-replay.ts';

const answer = (name: string, shape: readonly number[], values: readonly number[]): InferResponse => ({
  modelName: 'yard',
  outputs: [{ name, datatype: 'FP32', shape, data: new Uint8Array(Float32Array.from(values).buffer) }],
});
const labels = { vehicle: { classes: [1, 2] }, person: { classes: [0] } };
const size = { width: 100, height: 100 };

describe('the score of a label at a site', () => {
  it('is the sum of its classes where frames are scored as a whole', () => {
    const scores = answer('scores', [1, 3], [0.25, 0.125, 0.5]);
    expect(replayScores(scores, { classes: 3, labels }, size)).toEqual({ vehicle: 0.625, person: 0.25 });
  });

  // A car in the left half and a truck in the right one; a person so small that few rules would look at it.
  const rows = [
    [0, 10, 40, 30, 60, 0.75, 1],
    [0, 70, 40, 90, 60, 0.5, 2],
    [0, 50, 50, 52, 54, 0.875, 0],
  ];
  const right = [
    [0.5, 0],
    [1, 0],
    [1, 1],
    [0.5, 1],
  ] as const;

  it.each<[string, BoxRule | undefined, { vehicle: number; person: number }]>([
    ['the best of its classes, not their sum', undefined, { vehicle: 0.75, person: 0.875 }],
    ['of a zone, what stands in it', { minimumArea: 0, zones: [right] }, { vehicle: 0.5, person: 0.875 }],
    ['of a least size, what has it', { minimumArea: 0.01, zones: null }, { vehicle: 0.75, person: 0 }],
    ['of a zone in which nothing is', { minimumArea: 0, zones: [] }, { vehicle: 0, person: 0 }],
  ])('is of boxes %s', (_, rule, expected) => {
    const boxes =
      rule === undefined
        ? {}
        : { boxes: { ...rule, zones: rule.zones?.map((zone) => zone.map(([x, y]): [number, number] => [x, y])) ?? null } };
    expect(replayScores(answer('detections', [3, 7], rows.flat()), { classes: 3, labels, ...boxes }, size)).toEqual(expected);
  });

  it('is told in what a check writes, and was written before boxes had a rule', () => {
    const written = { version: 1, classes: 3, tolerance: 0.01, labels: { person: { classes: [0], scores: [0.5] } } };
    expect(expectedScoresSchema.parse(written)).toEqual(written);
    const ruled = { ...written, boxes: { minimumArea: 0.01, zones: [right] } };
    expect(expectedScoresSchema.parse(JSON.parse(JSON.stringify(ruled)))).toEqual(ruled);
    expect(expectedScoresSchema.safeParse({ ...written, boxes: { minimumArea: 2, zones: null } }).success).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import type { InferResponse } from '#kernel';
import { judgeTrial } from './judge-trial.ts';
import type { Proposal } from './propose-model.ts';

const corners = { kind: 'pair', units: 'unit' };
const offsets = { kind: 'priors' };
const proposalWith = (undecoded?: object | null): Proposal => ({
  task: 'detection',
  labels: ['face'],
  fields: { output: corners },
  because: [],
  contradictions: [],
  questions: [],
  ...(undecoded !== undefined && { undecoded }),
});

/** One picture, and a box for each left edge: twenty pixels wide, from the picture's upper edge. */
function answer(lefts: readonly number[]): InferResponse {
  const rows = Float32Array.from(lefts.flatMap((x) => [0, x, 0, x + 20, 20, 0.9, 0]));
  const data = new Uint8Array(rows.buffer);
  return { modelName: 'x', outputs: [{ name: 'detections', datatype: 'FP32', shape: [lefts.length, 7], data }] };
}

describe('boxes of one picture, read as corners', () => {
  it.each<[string, object | null | undefined, readonly number[], object, RegExp]>([
    ['in the picture', offsets, [0, 5, 9], corners, /: 3 boxes, the best of face at 0\.9$/],
    ['cut by its edge, some of them', offsets, [-3, 5, 9], corners, /at 0\.9$/],
    [
      'outside, most of them',
      offsets,
      [-3, -9, 9],
      offsets,
      /; 2 of them begin outside the picture, .*: they are read as offsets/,
    ],
    ['outside, and nobody knows from what', null, [-3, -9, 9], corners, /so they are hardly corners: see the kinds of output/],
    ['outside, of a model whose boxes are no offsets', undefined, [-3, -9, 9], corners, /at 0\.9$/],
    ['not there', offsets, [], corners, /no box at all$/],
  ])('%s', (_, undecoded, lefts, output, seen) => {
    const tried = judgeTrial(answer(lefts), proposalWith(undecoded), 'a.jpg');
    expect(tried.proposal.fields['output']).toEqual(output);
    expect(tried.seen).toMatch(seen);
  });
});

import { describe, expect, it } from 'vitest';
import { encodeOnnx, type OnnxType } from '../testing/tiny-onnx.ts';
import { readOnnxHeader } from './onnx-header.ts';
import { coarsened, weightsIn } from './onnx-weights.ts';

const ramp = (count: number) => Array.from({ length: count }, (_, index) => (index - count / 2) / (count / 2));
const onnx = (...constants: { name: string; values: number[]; type?: OnnxType; externalFile?: string }[]) =>
  encodeOnnx({
    nodes: [{ operator: 'Identity', inputs: ['x'], outputs: ['y'] }],
    inputs: [{ name: 'x', type: 'float32', shape: [1, 4] }],
    outputs: [{ name: 'y', type: 'float32', shape: [1, 4] }],
    constants: constants.map((constant) => ({ ...constant, shape: [constant.values.length] })),
  });
const numbersOf = (file: Uint8Array, name: string) => {
  const { span, count, type } = weightsIn(file).find((one) => one.name === name) ?? { span: { at: 0 }, count: 0, type: 1 };
  const view = new DataView(file.buffer, file.byteOffset);
  return Array.from({ length: count }, (_, index) =>
    type === 10 ? view.getFloat16(span.at + index * 2, true) : view.getFloat32(span.at + index * 4, true),
  );
};

describe('the weights of an ONNX file', () => {
  it('are found, the largest first, without biases and without what lies beside the file', () => {
    const file = onnx(
      { name: 'small', values: ramp(64) },
      { name: 'bias', values: ramp(8) },
      { name: 'beside', values: ramp(500), externalFile: 'w.bin' },
      { name: 'large', values: ramp(200), type: 'float16' },
      { name: 'shape', values: ramp(300).map(Math.round), type: 'int64' },
    );
    expect(weightsIn(file).map(({ name, count }) => [name, count])).toEqual([
      ['large', 200],
      ['small', 64],
    ]);
  });

  it.each([
    [1, 2],
    [2, 3],
    [3, 7],
    [4, 15],
  ])('of %i bits have %i levels at most, and the rest of the file stays as it is', (bits, levels) => {
    const file = onnx({ name: 'w', values: ramp(256) }, { name: 'other', values: ramp(100), type: 'float16' });
    const copy = coarsened(file, weightsIn(file).slice(0, 1), bits);
    expect(copy.byteLength).toBe(file.byteLength);
    expect(new Set(numbersOf(copy, 'w')).size).toBe(levels);
    expect(Math.max(...numbersOf(copy, 'w').map(Math.abs))).toBeCloseTo(1, 6);
    expect(numbersOf(copy, 'other')).toEqual(numbersOf(file, 'other'));
    expect(readOnnxHeader({ size: copy.byteLength, read: (at, length) => copy.subarray(at, at + length) }).inputs).toHaveLength(
      1,
    );
  });

  it('of half precision are made coarser too', () => {
    const file = onnx({ name: 'w', values: ramp(128), type: 'float16' });
    expect(new Set(numbersOf(coarsened(file, weightsIn(file), 2), 'w')).size).toBe(3);
  });

  it('that are all nothing stay nothing', () => {
    const file = onnx({ name: 'w', values: Array.from({ length: 64 }, () => 0) });
    expect(coarsened(file, weightsIn(file), 2)).toEqual(Uint8Array.from(file));
  });
});

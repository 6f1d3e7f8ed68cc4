import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forAll, spoilt, spoiltBytes } from '../testing/fuzz.ts';
import { ultralytics, withMetadata } from '../testing/onnx-metadata.ts';
import { encodeOnnx } from '../testing/tiny-onnx.ts';
import { isInside } from './layer.ts';
import { externalDataOf } from './onnx-external-data.ts';
import { readOnnxHeader } from './onnx-header.ts';
import { weightsIn } from './onnx-weights.ts';

const bytesOf = (bytes: Uint8Array) => ({
  size: bytes.byteLength,
  read: (at: number, length: number) => bytes.subarray(at, at + length),
});
const whatBecomesOf = (read: () => unknown) => {
  try {
    read();
    return 'read';
  } catch (thrown) {
    return thrown instanceof Error ? thrown.name : 'something else';
  }
};
const onnx = withMetadata(
  encodeOnnx({
    nodes: [{ operator: 'Mul', inputs: ['pixels', 'gains'], outputs: ['scores'] }],
    inputs: [
      { name: 'pixels', type: 'uint8', shape: ['n', 3, 8, 8] },
      { name: 'gains', type: 'float32', shape: [1] },
    ],
    outputs: [{ name: 'scores', type: 'float16', shape: ['n', 3, 8, 8] }],
    constants: [{ name: 'gains', shape: [1], values: [2] }],
  }),
  ultralytics('detect', ['person'], 8),
);

describe('the header of an ONNX file', () => {
  it('names inputs that are no weights, outputs, and what the exporter wrote', () => {
    const { inputs, outputs, metadata } = readOnnxHeader(bytesOf(onnx));
    expect(inputs).toEqual([{ name: 'pixels', type: 'uint8', shape: ['n', 3, 8, 8] }]);
    expect(outputs).toEqual([{ name: 'scores', type: 'float16', shape: ['n', 3, 8, 8] }]);
    expect(metadata.get('names')).toBe("{0: 'person'}");
  });

  it('is read without the weights', () => {
    let read = 0;
    const weights = Array.from({ length: 100_000 }, () => 1);
    const large = encodeOnnx({
      nodes: [],
      inputs: [{ name: 'x', type: 'float32', shape: [1] }],
      outputs: [{ name: 'y', type: 'float32', shape: [1] }],
      constants: [{ name: 'w', shape: [weights.length], values: weights }],
    });
    const { size, read: readAt } = bytesOf(large);
    readOnnxHeader({ size, read: (at, length) => readAt(at, (read += length) && length) });
    expect(read).toBeLessThan(2000);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(), /no graph with outputs/],
    ['a text', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:'), /no protobuf|cut short/],
    ['cut short', onnx.subarray(0, 40), /cut short/],
    ['a length beyond the file', Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f), /cut short/],
    ['a number without end', new Uint8Array(32).fill(0xff), /no protobuf/],
  ])('is refused where it is none: %s', (_, bytes, expected) => {
    expect(() => readOnnxHeader(bytesOf(bytes))).toThrow(expected);
  });
});

/** `external_data` (13) of an initializer (5) of the graph (7): its location is where the weights are said to lie. */
const weightsAt = (location: string) => {
  const field = (number: number, bytes: Uint8Array | string) =>
    Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), Buffer.from(bytes)]);
  return field(7, field(5, field(13, Buffer.concat([field(1, 'location'), field(2, location)]))));
};
const files = [onnx, weightsAt('weights.bin'), weightsAt('../weights.bin')];
const anyBytes = fc.oneof(
  { weight: 4, arbitrary: spoilt.map((input) => spoiltBytes(files, input)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
);

describe('an ONNX file, whatever its bytes are', () => {
  it('has a header that is read or refused', () =>
    forAll(anyBytes, (bytes) => {
      expect(whatBecomesOf(() => readOnnxHeader(bytesOf(bytes)))).toMatch(/^(?:read|RangeError)$/);
    }));

  it('has weights that lie in it, or is refused', () =>
    forAll(anyBytes, (bytes) => {
      expect(whatBecomesOf(() => weightsIn(bytes))).toMatch(/^(?:read|RangeError)$/);
    }));

  it('names files beside it that lie inside its folder, or says which do not', () => {
    const told = { path: 0, outside: 0 };
    forAll(anyBytes, (bytes) => {
      for (const one of externalDataOf(bytesOf(bytes), 'm/model.onnx')) {
        told['path' in one ? 'path' : 'outside'] += 1;
        expect('outside' in one || isInside(one.path)).toBe(true);
      }
    });
    expect(Math.min(told.path, told.outside)).toBeGreaterThan(0);
  });
});

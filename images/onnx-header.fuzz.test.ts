import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forAll } from '../testing/fuzz.ts';
import { ultralytics, withMetadata } from '../testing/onnx-metadata.ts';
import { encodeOnnx } from '../testing/tiny-onnx.ts';
import { readOnnxHeader } from './onnx-header.ts';

const bytesOf = (bytes: Uint8Array) => ({
  size: bytes.byteLength,
  read: (at: number, length: number) => bytes.subarray(at, at + length),
});
const whatBecomesOf = (bytes: Uint8Array) => {
  try {
    readOnnxHeader(bytesOf(bytes));
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

  it('is read or refused, whatever the bytes are', () => {
    const spoilt = fc.tuple(fc.nat(onnx.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 })).map(([at, bytes]) => {
      const copy = Uint8Array.from(onnx);
      copy.set(bytes.subarray(0, onnx.length - at), at);
      return copy;
    });
    forAll(fc.oneof(spoilt, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      expect(whatBecomesOf(bytes)).toMatch(/^(?:read|RangeError)$/);
    });
  });
});

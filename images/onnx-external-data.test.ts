import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forAll } from '../testing/fuzz.ts';
import { encodeOnnx } from '../testing/tiny-onnx.ts';
import { isInside } from './layer.ts';
import { externalDataOf } from './onnx-external-data.ts';
import type { Bytes } from './protobuf-fields.ts';

const sourceOf = (bytes: Uint8Array): Bytes => ({
  size: bytes.byteLength,
  read: (at, length) => bytes.subarray(at, at + length),
});
const of = (bytes: Uint8Array, file = 'model.onnx') => externalDataOf(sourceOf(bytes), file);
const onnx = (...locations: (string | undefined)[]) =>
  encodeOnnx({
    nodes: [{ operator: 'Identity', inputs: ['x'], outputs: ['y'] }],
    inputs: [{ name: 'x', type: 'float32', shape: [1, 300] }],
    outputs: [{ name: 'y', type: 'float32', shape: [1, 300] }],
    constants: locations.map((externalFile, index) => ({
      name: `c${index}`,
      shape: [300],
      values: new Float32Array(300),
      ...(externalFile !== undefined && { externalFile }),
    })),
  });

/** A field of a length of its own, as protobuf writes it. */
const field = (number: number, bytes: Uint8Array): Uint8Array => {
  const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);
  return Uint8Array.from([...varint(number * 8 + 2), ...varint(bytes.byteLength), ...bytes]);
};
const text = (value: string) => new Uint8Array(Buffer.from(value));
const entry = (key: string, value: string) => field(13, Buffer.concat([field(1, text(key)), field(2, text(value))]));

describe('the external data of an ONNX file', () => {
  it('are the files that its tensors name, each once', () => {
    expect(of(onnx('model.onnx.data', undefined, 'model.onnx.data', 'weights/b.bin'))).toEqual([
      { path: 'model.onnx.data' },
      { path: 'weights/b.bin' },
    ]);
    expect(of(onnx('model.onnx.data'), 'small/model.onnx')).toEqual([{ path: 'small/model.onnx.data' }]);
    expect(of(onnx(undefined))).toEqual([]);
  });

  it.each(['../model.onnx.data', 'a/../../b', '/etc/passwd', String.raw`..\b`, '', '.'])('lead nowhere else: %j', (location) => {
    expect(of(onnx(location), 'small/model.onnx')).toEqual([{ outside: location }]);
  });

  it('are found in the graphs that nodes hold, in sparse tensors and in functions', () => {
    const tensor = (location: string) => entry('location', location);
    const attribute = (inside: Uint8Array) => field(1, field(5, inside));
    const graph = Buffer.concat([
      attribute(field(6, field(5, tensor('branch')))),
      attribute(field(5, tensor('constant'))),
      field(15, field(1, tensor('sparse'))),
    ]);
    const model = Buffer.concat([field(7, graph), field(25, field(7, field(5, field(5, tensor('function')))))]);
    expect(of(model)).toEqual(['branch', 'constant', 'function', 'sparse'].map((path) => ({ path })));
  });

  it('are read without what lies between: a gigabyte of weights is passed over', () => {
    const head = onnx('model.onnx.data');
    const reads: number[] = [];
    // A field of 2^30 bytes, of which none are there, before the model's own.
    const skipped = Uint8Array.from([8 * 99 + 2 - 640, 6, 128, 128, 128, 128, 4]);
    const start = skipped.byteLength + 2 ** 30;
    const source: Bytes = {
      size: start + head.byteLength,
      read: (at, length) => {
        reads.push(length);
        if (at < skipped.byteLength) return skipped.subarray(at, at + length);
        return head.subarray(at - start, at - start + length);
      },
    };
    expect(externalDataOf(source, 'model.onnx')).toEqual([{ path: 'model.onnx.data' }]);
    expect(reads.reduce((sum, length) => sum + length, 0)).toBeLessThan(10_000);
  });

  it('of whatever bytes: it ends, and names what is inside or outside', () => {
    const model = onnx('model.onnx.data');
    forAll(fc.record({ noise: fc.uint8Array({ maxLength: 400 }), at: fc.nat(model.byteLength), cut: fc.nat(40) }), (given) => {
      const { noise, at, cut } = given;
      const broken = Buffer.concat([model.subarray(0, at), noise, model.subarray(at + cut)]);
      for (const found of of(broken)) expect('path' in found ? isInside(found.path) : found.outside).not.toBe(false);
    });
  });
});

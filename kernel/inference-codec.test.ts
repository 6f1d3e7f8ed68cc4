import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeInferRequest, decodeInferResponse, encodeInferRequest, encodeInferResponse } from './inference-codec.ts';
import type { InferRequest, InferResponse, Tensor } from './inference-protocol.ts';
import { ProtocolError } from './tensor-codec.ts';

const WIDTHS = {
  BOOL: 1,
  UINT8: 1,
  INT8: 1,
  UINT16: 2,
  INT16: 2,
  FP16: 2,
  UINT32: 4,
  INT32: 4,
  FP32: 4,
  UINT64: 8,
  INT64: 8,
  FP64: 8,
};
type Fixed = keyof typeof WIDTHS;

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const fixedTensor = fc
  .tuple(shapes, fc.constantFrom(...(Object.keys(WIDTHS) as Fixed[])))
  .chain(([shape, datatype]) =>
    bytes(sizeOf(shape) * WIDTHS[datatype]).map((data): Tensor => ({ name: 't', datatype, shape, data })),
  );
const bytesTensor = shapes.chain((shape) =>
  fc
    .array(fc.uint8Array({ maxLength: 9 }), { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
    .map((data): Tensor => ({ name: 't', datatype: 'BYTES', shape, data })),
);
const tensors = fc
  .array(fc.oneof(fixedTensor, bytesTensor), { minLength: 1, maxLength: 4 })
  .map((list) => list.map((tensor, index) => Object.assign(tensor, { name: `tensor ${index} ✓` })));
const parameters = fc.dictionary(
  fc.constantFrom('sequence_id', 'sequence_start', 'timestamp'),
  fc.oneof(fc.integer(), fc.boolean(), fc.string()),
  { minKeys: 1 },
);
const requests = fc.record(
  { id: fc.string(), inputs: tensors, parameters },
  { requiredKeys: ['inputs'] },
) as fc.Arbitrary<InferRequest>;

const plain = (value: unknown) =>
  JSON.stringify(value, (_, item: unknown) => (item instanceof Uint8Array ? Buffer.from(item).toString('hex') : item));

const wire = (header: unknown, tail: Uint8Array = new Uint8Array()) => {
  const json = Buffer.from(JSON.stringify(header));
  return { headerLength: json.byteLength, body: Buffer.concat([json, tail]) };
};
/** Anything thrown that is no ProtocolError is a crash. */
const crashOf = (act: () => unknown) => {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof ProtocolError ? null : error;
  }
};
const oneInput = (input: object, tail?: Uint8Array) => () => decodeInferRequest(wire({ inputs: [input] }, tail));

describe('the inference codec', () => {
  it('gives back every request that it encoded', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const decoded = decodeInferRequest(encodeInferRequest(request));
        expect(plain(decoded.request.inputs)).toBe(plain(request.inputs));
        expect(decoded.request.id).toBe(request.id);
        expect(decoded.request.parameters).toEqual(request.parameters && { ...request.parameters });
        expect(decoded.wanted).toEqual({ outputs: null, binary: true });
      }),
      { seed: 1 },
    );
  });

  it('gives back every response that it encoded, whichever outputs go as binary data', () => {
    const finite = tensors.map((list) =>
      list.filter(({ datatype }) => datatype === 'UINT8' || datatype === 'INT32' || datatype === 'BYTES'),
    );
    fc.assert(
      fc.property(finite, fc.boolean(), fc.boolean(), (outputs, even, odd) => {
        const response: InferResponse = { modelName: 'porch', modelVersion: '1', outputs, parameters: { seconds: 0.5 } };
        const message = encodeInferResponse(response, (name) => (Number(name.split(' ')[1]) % 2 === 0 ? even : odd));
        expect(plain(decodeInferResponse(message).outputs)).toBe(plain(outputs));
      }),
      { seed: 2 },
    );
  });

  it('answers any bytes whatever with a value or a ProtocolError', () => {
    const anyLength = fc.oneof(fc.constant(null), fc.integer({ min: -1, max: 40 }), fc.double());
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), anyLength, (body, headerLength) => {
        expect(crashOf(() => decodeInferRequest({ headerLength, body }))).toBeNull();
        expect(crashOf(() => decodeInferResponse({ headerLength, body }))).toBeNull();
      }),
      { seed: 3 },
    );
    const spoil = fc.record({ at: fc.nat(), value: fc.nat(255), cut: fc.nat(3) });
    fc.assert(
      fc.property(requests, spoil, (request, { at, value, cut }) => {
        const message = encodeInferRequest(request);
        message.body[at % message.body.byteLength] = value;
        const body = message.body.subarray(0, message.body.byteLength - cut);
        expect(crashOf(() => decodeInferRequest({ headerLength: message.headerLength, body }))).toBeNull();
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  it('carries numbers, booleans and byte strings through JSON for servers without binary data', () => {
    const floats = new Float32Array([0.5, -3, 1e-30]);
    const inputs: Tensor[] = [
      { name: 'a', datatype: 'FP32', shape: [3], data: new Uint8Array(floats.buffer) },
      { name: 'b', datatype: 'BOOL', shape: [1, 2], data: Uint8Array.of(1, 0) },
      { name: 'c', datatype: 'BYTES', shape: [1], data: [Uint8Array.of(0xff, 0xd8, 0)] },
      { name: 'd', datatype: 'INT64', shape: [1], data: new Uint8Array(BigInt64Array.of(-7n).buffer) },
    ];
    const message = encodeInferRequest({ inputs }, 'json');
    expect(message.headerLength).toBeNull();
    const decoded = decodeInferRequest(message);
    expect(plain(decoded.request.inputs)).toBe(plain(inputs));
    expect(decoded.wanted.binary).toBe(false);
  });

  it('reads lists nested as the shape is, and refuses others', () => {
    const data = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const { request } = decodeInferRequest(wire({ inputs: [{ name: 'x', datatype: 'UINT8', shape: [2, 3], data }] }));
    expect(request.inputs[0]?.data).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
    expect(oneInput({ name: 'x', datatype: 'UINT8', shape: [3, 2], data })).toThrow(
      'a list of 2 at depth 0, where its shape says 3',
    );
    expect(oneInput({ name: 'x', datatype: 'UINT8', shape: [2, 1], data: [[1], 2] })).toThrow('lists and values are mixed');
  });

  it('reads which outputs a client wants, and how', () => {
    const inputs = [{ name: 'x', datatype: 'UINT8', shape: [1], data: [1] }];
    const outputs = [{ name: 'scores' }, { name: 'other', parameters: { binary_data: false } }];
    const message = wire({ inputs, outputs, parameters: { binary_data_output: true } });
    expect(decodeInferRequest(message).wanted.outputs).toEqual([
      { name: 'scores', binary: true },
      { name: 'other', binary: false },
    ]);
  });
});

describe('what the inference codec refuses', () => {
  const image = { name: 'image', datatype: 'BYTES', shape: [1] };
  const sized = (size: unknown) => ({ ...image, parameters: { binary_data_size: size } });

  it.each([
    [
      'a header longer than the body',
      () => decodeInferRequest({ headerLength: 9, body: Buffer.from('{}') }),
      'Length is 9, but the body has 2 bytes',
    ],
    ['no header at all', () => decodeInferRequest({ headerLength: 0, body: Buffer.from('{}') }), 'Length is 0'],
    ['text that is not JSON', () => decodeInferRequest({ headerLength: null, body: Buffer.from('hello') }), "JSON can't be read"],
    ['a missing field', () => decodeInferRequest(wire({ inputs: [{ datatype: 'FP32', shape: [1] }] })), 'inputs.0.name'],
    ['a negative dimension', oneInput({ name: 'x', datatype: 'UINT8', shape: [-1], data: [] }), 'inputs.0.shape.0'],
    [
      'a shape that overflows',
      oneInput({ name: 'x', datatype: 'UINT8', shape: [2 ** 40, 2 ** 40], data: [] }),
      'holds too many elements',
    ],
    ['a shape larger than the bytes', oneInput({ ...sized(0), shape: [2 ** 40] }), "0 bytes can't hold 1099511627776 elements"],
    ['a size beyond the body', oneInput(sized(5), Buffer.alloc(4)), 'binary_data_size 5, but 4 bytes are left'],
    ['a size that is no size', oneInput(sized(-1)), '-1 is no binary_data_size'],
    [
      'an element longer than its tensor',
      oneInput(sized(5), Buffer.from([9, 0, 0, 0, 1])),
      'claims 9 bytes, of which 1 are there',
    ],
    [
      'an element length cut short',
      oneInput({ ...sized(8), shape: [2] }, Buffer.from([2, 0, 0, 0, 1, 2, 0, 0])),
      'end before the length of element 1',
    ],
    ['bytes left over in a tensor', oneInput(sized(6), Buffer.from([1, 0, 0, 0, 1, 1])), '1 bytes left over after element 0'],
    [
      'bytes left over in the body',
      oneInput(sized(5), Buffer.from([1, 0, 0, 0, 1, 1])),
      '1 bytes left over after the last tensor',
    ],
    ['a wrong byte count', oneInput({ ...sized(5), datatype: 'FP32' }, Buffer.alloc(5)), '5 bytes where FP32 [1] takes 4'],
    ['FP16 as JSON', oneInput({ name: 'x', datatype: 'FP16', shape: [1], data: [1] }), 'FP16 goes as binary data only'],
    ['a number that does not fit', oneInput({ name: 'x', datatype: 'UINT8', shape: [1], data: [256] }), '256 is no UINT8'],
    ['an inexact integer', oneInput({ name: 'x', datatype: 'INT64', shape: [1], data: [2 ** 60] }), 'is no INT64'],
    [
      'two tensors of one name',
      () => decodeInferRequest(wire({ inputs: [image, image].map((item) => ({ ...item, data: ['a'] })) })),
      'two tensors have one name',
    ],
    ['data and a size', oneInput({ ...sized(1), data: ['a'] }, Buffer.alloc(1)), 'both data and binary_data_size'],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(ProtocolError);
    expect(act).toThrow(message);
  });

  it('a tensor to send whose data do not fill its shape, and numbers that JSON has no word for', () => {
    const nan: Tensor = {
      name: 'scores',
      datatype: 'FP32',
      shape: [1],
      data: new Uint8Array(Float32Array.of(Number.NaN).buffer),
    };
    expect(() => encodeInferRequest({ inputs: [{ ...nan, shape: [2] }] })).toThrow('4 bytes where FP32 [2] takes 8');
    expect(() => encodeInferResponse({ modelName: 'm', outputs: [nan] }, () => false)).toThrow("JSON can't carry NaN");
    expect(decodeInferResponse(encodeInferResponse({ modelName: 'm', outputs: [nan] })).outputs[0]?.data).toEqual(nan.data);
  });
});

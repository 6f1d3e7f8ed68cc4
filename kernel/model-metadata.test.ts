import { describe, expect, it } from 'vitest';
import type { ModelMetadata } from './inference-protocol.ts';
import { formatModelMetadata, parseModelMetadata } from './model-metadata.ts';
import { float32Of } from './tensor-numbers.ts';

const model: ModelMetadata = {
  name: 'porch',
  versions: ['1'],
  platform: 'onnxruntime_onnx',
  inputs: [{ name: 'image', datatype: 'BYTES', shape: [-1] }],
  outputs: [{ name: 'scores', datatype: 'FP32', shape: [-1, 2] }],
  labels: ['nothing', 'person, "tall"'],
  threshold: 0.6,
  variant: 'int8',
};

describe('model metadata', () => {
  it('comes back as it was sent', () => {
    expect(parseModelMetadata(JSON.parse(JSON.stringify(formatModelMetadata(model))))).toEqual(model);
  });

  it('of a server that has no labels, threshold or versions has none', () => {
    const { inputs, outputs } = model;
    expect(parseModelMetadata({ name: 'triton', inputs, outputs })).toEqual({
      name: 'triton',
      versions: [],
      platform: '',
      inputs,
      outputs,
    });
  });

  it('takes labels as a list too', () => {
    const { inputs, outputs } = model;
    expect(parseModelMetadata({ name: 'm', inputs, outputs, parameters: { labels: ['a'] } }).labels).toEqual(['a']);
  });

  it.each([
    [{}, 'name'],
    ['hello', 'model metadata: answer'],
    [{ ...model, inputs: [{ name: 'x', datatype: 'FLOAT', shape: [] }] }, 'inputs.0.datatype'],
    [{ ...model, parameters: { labels: '[1]' } }, 'parameters.labels: not a JSON list of strings'],
  ])('that is garbage is refused by field: %j', (answer, message) => {
    expect(() => parseModelMetadata(answer)).toThrow(message);
  });
});

describe('float32Of', () => {
  it('reads FP32 at any alignment, and converts other numbers', () => {
    const odd = Buffer.concat([Buffer.alloc(1), Buffer.from(Float32Array.of(1.5, -2).buffer)]).subarray(1);
    expect(float32Of({ name: 's', datatype: 'FP32', shape: [2], data: odd })).toEqual(Float32Array.of(1.5, -2));
    const halves = Uint8Array.of(0x00, 0x3c, 0x00, 0xc0);
    expect(float32Of({ name: 's', datatype: 'FP16', shape: [2], data: halves })).toEqual(Float32Array.of(1, -2));
    expect(() => float32Of({ name: 's', datatype: 'BYTES', shape: [0], data: [] })).toThrow('BYTES where numbers are expected');
  });
});

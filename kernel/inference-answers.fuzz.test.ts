import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forAll, jsonWords, spoilt, spoiltBytes, strangeTexts } from '../testing/fuzz.ts';
import { decodeInferResponse, encodeInferResponse, type WireMessage } from './inference-codec.ts';
import { parseModelMetadata } from './model-metadata.ts';
import { ProtocolError } from './tensor-codec.ts';

const answer = encodeInferResponse({
  modelName: 'm',
  outputs: [
    { name: 'scores', datatype: 'FP32', shape: [1, 2], data: new Uint8Array(8) },
    { name: 'labels', datatype: 'BYTES', shape: [2], data: [Buffer.from('a'), Buffer.from('bc')] },
  ],
});
const asJson = JSON.stringify({
  model_name: 'm',
  outputs: [
    { name: 'scores', datatype: 'FP32', shape: [1, 2], data: [0.5, 1] },
    { name: 'labels', datatype: 'BYTES', shape: [1], data: ['YQ=='], parameters: { content_type: 'base64' } },
  ],
});
const words = [...jsonWords, '"shape"', '"data"', '"binary_data_size"', '9007199254740993', '"FP16"', '"BOOL"', '"BYTES"', '[['];
const binary = fc
  .tuple(spoilt, fc.oneof({ weight: 4, arbitrary: fc.constant(answer.headerLength) }, fc.integer({ min: -1, max: 400 })))
  .map(([input, headerLength]): WireMessage => ({ headerLength, body: spoiltBytes([answer.body], input) }));
const json = strangeTexts(words, asJson).map((text): WireMessage => ({ headerLength: null, body: Buffer.from(text) }));

const metadata = strangeTexts(
  [...words, '"labels"', '"threshold"', '"[\\"a\\"]"'],
  '{"name":"m","versions":["1"],"platform":"onnx","inputs":[{"name":"a","datatype":"FP32","shape":[-1,3]}],"outputs":[],"parameters":{"labels":"[\\"a\\"]","threshold":0.5}}',
);

/** Whether it was read; anything that is thrown and no ProtocolError is a fault. */
function isRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (thrown) {
    if (!(thrown instanceof ProtocolError)) throw thrown;
    return false;
  }
}

describe('what the server of a stranger’s model answers', () => {
  it('is tensors as large as their shapes say, or is refused', () => {
    let read = 0;
    forAll(fc.oneof(binary, json), (message) => {
      read += isRead(() => decodeInferResponse(message)) ? 1 : 0;
    });
    expect(read).toBeGreaterThan(0);
  });

  it('about itself is read or refused', () => {
    let read = 0;
    forAll(metadata, (text) => {
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        value = text;
      }
      read += isRead(() => parseModelMetadata(value)) ? 1 : 0;
    });
    expect(read).toBeGreaterThan(0);
  });
});

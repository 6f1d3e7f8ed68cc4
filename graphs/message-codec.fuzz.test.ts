import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '#kernel';
import { forAll, strangeTexts } from '../testing/fuzz.ts';
import { MESSAGES } from './messages.fixture.ts';
import type { Message } from './message.ts';
import { decodeMessage, encodeMessage } from './message-codec.ts';

const encoded = Object.values(MESSAGES).map((message) => encodeMessage(message));
const headerOf = (bytes: Uint8Array) =>
  new TextDecoder().decode(bytes.subarray(4, 4 + new DataView(bytes.buffer).getUint32(0, true)));

function framed(header: Uint8Array, body: Uint8Array, length = header.byteLength): Uint8Array {
  const bytes = new Uint8Array(4 + header.byteLength + body.byteLength);
  new DataView(bytes.buffer).setUint32(0, length, true);
  bytes.set(header, 4);
  bytes.set(body, 4 + header.byteLength);
  return bytes;
}

const words = [
  '{',
  '}',
  '"kind":',
  '"frame"',
  '"contract":1',
  '"contract":2',
  'null',
  '1e999',
  '-1',
  '__proto__',
  '\u001b[31m',
  ',',
  '[',
  ']',
];
const headers = strangeTexts(words, ...encoded.map((bytes) => headerOf(bytes))).map((text) => new TextEncoder().encode(text));
const hostile = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc.tuple(headers, fc.uint8Array({ maxLength: 80 })).map(([header, body]) => framed(header, body)),
  fc
    .tuple(headers, fc.uint8Array({ maxLength: 20 }), fc.nat())
    .map(([header, body, length]) => framed(header, body, length >>> 0)),
  fc
    .tuple(fc.constantFrom(...encoded), fc.nat(), fc.nat(255))
    .map(([bytes, at, value]) => bytes.with(at % bytes.byteLength, value)),
  fc.tuple(fc.constantFrom(...encoded), fc.nat()).map(([bytes, at]) => bytes.slice(0, at % (bytes.byteLength + 1))),
);

/** The message, or why it is refused; anything else that is thrown is a fault. */
function readOrRefuse(bytes: Uint8Array): Message | string {
  try {
    return decodeMessage(bytes);
  } catch (thrown) {
    if (thrown instanceof ProtocolError) return thrown.message;
    throw thrown;
  }
}

describe('bytes of a stranger', () => {
  it('are a message that says the same when it is sent on, or are refused in plain words', () =>
    forAll(hostile, (bytes) => {
      const read = readOrRefuse(bytes);
      const isPlain = typeof read === 'string' && /^[^\p{Cc}]{1,500}$/u.test(read);
      if (isPlain) return;
      // JSON knows no zero below zero, so it is what is sent on that stays the same.
      const sent = encodeMessage(read as Message);
      expect(Buffer.compare(encodeMessage(decodeMessage(sent)), sent)).toBe(0);
    }));
});

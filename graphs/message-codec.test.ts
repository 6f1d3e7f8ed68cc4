import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from './message-codec.ts';
import { MESSAGES } from './messages.fixture.ts';

const { frame, crop, detections, embedding, event } = MESSAGES;

/** The message as bytes, with a header that says something else. */
function saying(header: Record<string, unknown>): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(4 + text.byteLength);
  new DataView(bytes.buffer).setUint32(0, text.byteLength, true);
  bytes.set(text, 4);
  return bytes;
}

const { body: _, ...eventHeader } = event;

describe('a message', () => {
  it.each(Object.entries(MESSAGES))('of kind %s says the same at the other end', (_kind, message) => {
    expect(decodeMessage(encodeMessage(message))).toEqual(message);
  });

  it('is read without copying its body', () => {
    const bytes = encodeMessage(frame);
    expect(decodeMessage(bytes).body.buffer).toBe(bytes.buffer);
  });

  it.each([
    [
      'of another contract',
      saying({ ...eventHeader, contract: 2 }),
      'it speaks version 2 of the message contract, and this end speaks 1',
    ],
    ['with a word too many', saying({ ...eventHeader, token: 'x' }), 'Unrecognized key: "token"'],
    ['of no known kind', saying({ ...eventHeader, kind: 'video' }), 'kind'],
    ['from before 1970', saying({ ...eventHeader, capturedAt: -1 }), 'capturedAt'],
    ['with half a number', saying({ ...eventHeader, sequence: 0.5 }), 'sequence'],
    [
      'with more stamps than stages',
      saying({ ...eventHeader, stamps: Array.from({ length: 65 }, () => event.stamps[0]) }),
      'stamps',
    ],
    ['that is cut off', encodeMessage(frame).slice(0, -1), 'its body has 5 bytes, where a frame of this size has 6'],
    ['with bytes left over', Uint8Array.of(...encodeMessage(event), 0), 'its body has 1 bytes'],
    [
      'whose header claims more than is there',
      Uint8Array.of(255, 255, 0, 0, 123),
      'its header claims 65535 bytes, of which 1 are there',
    ],
    ['that is nothing', new Uint8Array(), '0 bytes are no message'],
    ['that is no text', Uint8Array.of(2, 0, 0, 0, 0xff, 0xfe), 'its header is not JSON'],
  ])('%s is refused', (_what, bytes, words) => {
    expect(() => decodeMessage(bytes)).toThrow(words);
  });

  it.each([
    ['frame', { ...frame, body: new Uint8Array(5) }],
    ['crop', { ...crop, body: new Uint8Array() }],
    ['detections', { ...detections, body: new Uint8Array(4) }],
    ['embedding', { ...embedding, body: new Uint8Array(4) }],
    ['event', { ...event, body: new Uint8Array(1) }],
  ])('of kind %s is not sent with another body than it speaks of', (kind, message) => {
    expect(() => encodeMessage(message)).toThrow(`where a ${kind} of this size has`);
  });
});

import { describe, expect, it } from 'vitest';
import type { Parcel } from './carrier.ts';
import { packParcel, parcelIn, unpackParcel } from './parcel-codec.ts';

const parcel: Parcel = {
  label: { camera: 'Garten Süd', sequence: 3, capturedAt: 1_790_000_000_000.5, promised: true },
  bytes: Uint8Array.of(1, 2, 3),
};
const raw = (label: string, bytes: readonly number[] = []) => {
  const text = new TextEncoder().encode(label);
  return Uint8Array.from([text.length & 255, text.length >> 8, ...text, ...bytes]);
};

describe('a parcel as bytes', () => {
  it.each<[string, Parcel]>([
    ['that may get lost', { ...parcel, label: { ...parcel.label, promised: false } }],
    ['that an outbox keeps', { ...parcel, label: { ...parcel.label, kept: { by: 'a', position: 7, since: 5 } } }],
    ['of no bytes', { ...parcel, bytes: new Uint8Array() }],
  ])('is the same again: one %s', (_, given) => {
    expect(unpackParcel(packParcel(given))).toEqual(given);
  });

  it.each([
    ['nothing', Uint8Array.of()],
    ['one byte', Uint8Array.of(1)],
    ['a label that is cut off', raw('{"camera":"a"}').slice(0, 9)],
    ['a label that is no JSON', raw('camera a')],
    ['a label without a camera', raw('{"sequence":1,"capturedAt":1,"promised":true}')],
    ['a label with more than there is', raw('{"camera":"a","sequence":1,"capturedAt":1,"promised":true,"admin":true}')],
    ['a sequence below zero', raw('{"camera":"a","sequence":-1,"capturedAt":1,"promised":true}')],
    [
      'a place that is none',
      raw('{"camera":"a","sequence":1,"capturedAt":1,"promised":true,"kept":{"by":"a","position":0,"since":1}}'),
    ],
  ])('is refused where it is none: %s', (_, bytes) => {
    expect(() => unpackParcel(bytes)).toThrow(/parcel|label/);
    expect(parcelIn(bytes)).toBeNull();
  });
});

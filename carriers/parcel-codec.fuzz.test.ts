import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forAll, jsonWords, spoilt, spoiltBytes, strangeTexts } from '../testing/fuzz.ts';
import { packParcel, parcelIn } from './parcel-codec.ts';

const label = { camera: 'gate', sequence: 3, capturedAt: 1000.5, promised: true };
const whole = packParcel({ label: { ...label, kept: { by: 'a', position: 1, since: 1 } }, bytes: Uint8Array.of(1, 2, 3) });
const texts = strangeTexts([...jsonWords, '"camera"', '"kept"', '"promised"'], JSON.stringify(label)).map((text) => {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length & 255, bytes.length >> 8]), bytes, Buffer.from('x')]);
});
const packed = fc.oneof(
  spoilt.map((input) => spoiltBytes([whole], input)),
  texts,
);

describe('what anybody put into a broker', () => {
  it('is a parcel that says the same when it is sent on, or none', () => {
    let read = 0;
    forAll(packed, (bytes) => {
      const parcel = parcelIn(bytes);
      if (parcel === null) return;
      read += 1;
      const sent = packParcel(parcel);
      expect(Buffer.compare(packParcel(parcelIn(sent) ?? parcel), sent)).toBe(0);
    });
    expect(read).toBeGreaterThan(0);
  });
});

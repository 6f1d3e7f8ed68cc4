import { describe, expect, it } from 'vitest';
import type { Parcel } from '../carrier.ts';
import { bundle, unbundle } from './bundle.ts';

const parcel = (sequence: number): Parcel => ({
  label: { camera: 'gate', sequence, capturedAt: sequence * 10, promised: true },
  bytes: new Uint8Array(sequence).fill(sequence),
});
const parcels = [4, 0, 7].map(parcel);
const kept = { by: 'box', position: 11, since: 9 };

describe('promised parcels that go as one', () => {
  it('are the same again, each at its place', () => {
    expect(unbundle(bundle(parcels, kept))).toEqual(
      parcels.map(({ label, bytes }, index) => ({ label: { ...label, kept: { ...kept, position: 11 + index } }, bytes })),
    );
  });

  it('are refused where they are cut off, or were never kept', () => {
    const { label, bytes } = bundle(parcels, kept);
    for (const end of [1, 5, bytes.byteLength - 1])
      expect(() => unbundle({ label, bytes: bytes.slice(0, end) })).toThrow(/cut off|parcel/);
    expect(() => unbundle(parcel(1))).toThrow(/never promised/);
  });
});

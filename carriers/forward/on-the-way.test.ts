import { describe, expect, it } from 'vitest';
import { unbundle } from './bundle.ts';
import { OnTheWay } from './on-the-way.ts';

const kept = (...ids: number[]) =>
  ids.map((id) => ({
    id,
    parcel: { label: { camera: 'gate', sequence: id, capturedAt: id, promised: true }, bytes: new Uint8Array(10) },
  }));
const placesOf = (bundles: Parameters<typeof unbundle>[0][]) =>
  bundles.map((parcel) => unbundle(parcel).map(({ label }) => [label.sequence, label.kept?.position, label.kept?.since]));

describe('what a connection has sent', () => {
  it('has places that follow each other, until it is confirmed', () => {
    const way = new OnTheWay();
    expect(placesOf([way.put(kept(7, 3), 100), way.put(kept(9), 120)])).toEqual([
      [
        [7, 1, 1],
        [3, 2, 1],
      ],
      [[9, 3, 1]],
    ]);
    expect(way.confirm(2, 0)).toMatchObject([
      { id: 7, sentAt: 100 },
      { id: 3, sentAt: 100 },
    ]);
    expect([...way.ids]).toEqual([9]);
    expect(placesOf([way.put(kept(4), 130)])).toEqual([[[4, 4, 3]]]);
  });

  it('takes a confirmation that comes late, or twice, for what it is', () => {
    const way = new OnTheWay();
    way.put(kept(1, 2, 3), 0);
    expect([way.confirm(2, 0), way.confirm(1, 0), way.confirm(2, 0)].map((arrived) => arrived.map(({ id }) => id))).toEqual([
      [1, 2],
      [],
      [],
    ]);
    expect(way.size).toBe(1);
  });

  it('goes again from the first that is missing, in bundles of a size', () => {
    const way = new OnTheWay();
    way.put(kept(1, 2, 3, 4, 5), 0);
    way.confirm(1, 0);
    expect(placesOf(way.again(1000, 3))).toEqual([
      [
        [2, 2, 2],
        [3, 3, 2],
        [4, 4, 2],
      ],
      [[5, 5, 2]],
    ]);
    expect(placesOf(way.again(5, 3))).toEqual([[[2, 2, 2]], [[3, 3, 2]], [[4, 4, 2]], [[5, 5, 2]]]);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { smallDisk } from '../../testing/small-disk.ts';
import type { Label, Parcel } from '../carrier.ts';
import type { Inbox, Outbox } from '../forward/stores.ts';
import { sqliteInbox } from './sqlite-inbox.ts';
import { sqliteOutbox } from './sqlite-outbox.ts';
import { packedSize } from '../parcel-codec.ts';

const event = (sequence: number, capturedAt = sequence, size = 10): Parcel => ({
  label: { camera: 'gate', sequence, capturedAt, promised: true },
  bytes: new Uint8Array(size).fill(sequence),
});
const folders: string[] = [];
const open: (Outbox | Inbox)[] = [];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-stores-'));
  folders.push(folder);
});
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  for (const each of folders.splice(0)) rmSync(each, { recursive: true });
});
function opened<T extends Outbox | Inbox>(store: T): T {
  open.push(store);
  return store;
}
const outbox = (more = {}) => opened(sqliteOutbox(path.join(folder, 'outbox'), more));
const inbox = () => opened(sqliteInbox(path.join(folder, 'inbox')));

/** Sequences in the order in which they go. */
async function order(box: Outbox, onTheWay = new Set<number>()): Promise<number[]> {
  return (await box.next(onTheWay, { most: 9999, bytes: 1e9 })).map(({ parcel }) => parcel.label.sequence);
}

async function idsOf(box: Outbox, ...sequences: number[]): Promise<number[]> {
  const all = await box.next(new Set(), { most: 9999, bytes: 1e9 });
  return all.filter(({ parcel }) => sequences.includes(parcel.label.sequence)).map(({ id }) => id);
}

describe('an outbox on a disk', () => {
  it('gives out in order of capture what is not on the way, and forgets what is confirmed', async () => {
    const box = outbox();
    for (const [sequence, at] of [
      [1, 30],
      [2, 10],
      [3, 20],
    ] as const)
      await box.keep(event(sequence, at));
    expect(await order(box)).toEqual([2, 3, 1]);
    expect(await order(box, new Set(await idsOf(box, 2)))).toEqual([3, 1]);
    await box.confirm(await idsOf(box, 2, 3));
    expect(await order(box)).toEqual([1]);
    expect(await box.waiting()).toBe(1);
  });

  it('gives out together as many as there may be, and as fit', async () => {
    const box = outbox();
    for (const sequence of [1, 2, 3, 4]) await box.keep(event(sequence, sequence, 100));
    const together = async (most: number, bytes: number) => (await box.next(new Set(), { most, bytes })).map(({ id }) => id);
    expect([await together(3, 1000), await together(9, 2 * packedSize(event(1, 1, 100)) + 8), await together(9, 1)]).toEqual([
      [1, 2, 3],
      [1, 2],
      [1],
    ]);
  });

  it('keeps once what a stage answers twice', async () => {
    const box = outbox();
    expect([await box.keep(event(1)), await box.keep(event(1)), await box.keep(event(2))]).toEqual(['kept', 'known', 'kept']);
    expect(await order(box)).toEqual([1, 2]);
  });

  it('is the same after a crash', async () => {
    const before = outbox();
    await before.keep(event(1));
    await before.keep(event(2));
    await before.confirm(await idsOf(before, 1));
    // Whoever is killed closes nothing.
    expect(await outbox().next(new Set(), { most: 9, bytes: 1 })).toEqual([{ id: 2, parcel: event(2) }]);
  });

  it('promises no more than it may hold, and loses nothing of that', async () => {
    const box = outbox({ mostBytes: 25 });
    await box.keep(event(1));
    await box.keep(event(2));
    await expect(box.keep(event(3))).rejects.toThrow(/outbox: 20 bytes of promised messages wait[\s\S]*remedy: look at the link/);
    expect(await order(box)).toEqual([1, 2]);
    await box.confirm(await idsOf(box, 1));
    expect(await box.keep(event(3))).toBe('kept');
  });
});

describe('an inbox on a disk', () => {
  const placed = (sequence: number, position: number, since = 1, by = 'a'): Parcel => {
    const { label, bytes } = event(sequence);
    const kept: NonNullable<Label['kept']> = { by, position, since };
    return { label: { ...label, kept }, bytes };
  };

  it('takes each once and in order, and gives it out until somebody is done with it', async () => {
    const box = inbox();
    const taken = [];
    for (const [sequence, position] of [
      [5, 1],
      [6, 2],
      [6, 2],
      [9, 4],
      [7, 3],
      [5, 4],
    ] as const)
      taken.push(await box.accept([placed(sequence, position)]));
    expect(taken).toEqual([
      { as: ['new'], upTo: 1 },
      { as: ['new'], upTo: 2 },
      { as: ['known'], upTo: 2 },
      { as: ['early'], upTo: 2 },
      { as: ['new'], upTo: 3 },
      // Answered twice by a stage that was killed: at a place of its own, and known.
      { as: ['known'], upTo: 4 },
    ]);
    const first = await box.next();
    expect(first?.parcel).toEqual(event(5));
    const again = inbox();
    expect((await again.next())?.id).toBe(first?.id);
    for (const sequence of [5, 6, 7]) {
      const next = await again.next();
      expect(next?.parcel.label.sequence).toBe(sequence);
      await again.done(next?.id ?? 0);
    }
    expect(await again.next()).toBeNull();
  });

  it('takes what goes together at once, and leaves what is early or known', async () => {
    const box = inbox();
    const together = [placed(1, 1), placed(2, 2), placed(4, 4), placed(1, 1)];
    expect(await box.accept(together)).toEqual({ as: ['new', 'new', 'early', 'known'], upTo: 2 });
  });

  it('knows connections apart, and goes on where one goes on whose messages it lost with its disk', async () => {
    const box = inbox();
    expect(await box.accept([placed(1, 1, 1, 'a')])).toEqual({ as: ['new'], upTo: 1 });
    expect(await box.accept([placed(2, 40, 40, 'b')])).toEqual({ as: ['new'], upTo: 40 });
    expect(await box.accept([placed(3, 2, 1, 'a')])).toEqual({ as: ['new'], upTo: 2 });
  });
});

const disk = smallDisk('1m');
describe.skipIf(disk === null)('a full disk (tested where a small file system can be mounted, which takes root)', () => {
  afterEach(() => disk?.remove());

  it('is named with what to do, loses nothing that was promised, and is over as soon as there is room', async () => {
    const box = opened(sqliteOutbox(path.join(disk?.folder ?? '', 'outbox')));
    await box.keep(event(1));
    disk?.fill();
    let promised = 1;
    const fill = async () => {
      for (; promised < 2000; promised += 1) await box.keep(event(promised + 1, promised + 1, 2000));
    };
    await expect(fill()).rejects.toThrow(/outbox: the disk is full: nothing more can be promised\n\s+remedy: free some space/);
    expect(promised).toBeLessThan(600);
    const sequences = Array.from({ length: promised }, (_, index) => index + 1);
    disk?.free();
    expect(await order(box)).toEqual(sequences);
    expect(await box.keep(event(promised + 1))).toBe('kept');
    expect(await order(box)).toEqual([...sequences, promised + 1]);
  });
});

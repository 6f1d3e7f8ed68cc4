import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reasonOf, systemClock, type Clock } from '#kernel';
import { Broker } from '../../testing/rig/brokers.ts';
import { lacking } from '../../testing/rig/programs.ts';
import { smallDisk } from '../../testing/small-disk.ts';
import type { Carrier, Edge, Parcel } from '../carrier.ts';
import { Collector } from '../forward/collector.ts';
import { Forwarder } from '../forward/forwarder.ts';
import type { FramePolicy } from '../forward/frame-buffer.ts';
import { httpCarrier } from './http.ts';
import { inProcessCarrier } from './in-process.ts';
import { mqttCarrier } from './mqtt.ts';
import { natsCarrier } from './nats.ts';
import { sqliteInbox } from './sqlite-inbox.ts';
import { sqliteOutbox } from './sqlite-outbox.ts';

const edge: Edge = { name: 'events', window: 8, largest: 10_000 };
const frames: FramePolicy = { order: 'newest first', staleAfter: null, mostBytes: 1000 };
const parcel = (sequence: number, promised = true): Parcel => ({
  label: { camera: 'gate', sequence, capturedAt: sequence, promised },
  bytes: new Uint8Array(100).fill(sequence),
});
const sequences = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
const ahead = (milliseconds: number): Clock => ({ ...systemClock, now: () => new Date(Date.now() + milliseconds) });

let folder = '';
const closing: (() => Promise<unknown> | void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-forward-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  rmSync(folder, { recursive: true });
});

function near(carrier: Carrier, onTrouble: (trouble: string | null) => void = () => {}) {
  const outbox = sqliteOutbox(path.join(folder, 'outbox'));
  const forwarder = new Forwarder({ carrier, edge, outbox, frames, clock: systemClock, patience: 500, onTrouble });
  const close = async () => {
    await forwarder.close();
    await outbox.close();
  };
  closing.push(close);
  return { forwarder, outbox };
}

/** The far end, and what it has got: it ends as if killed, without a word, when it is `stopped`. */
function far(carrier: Carrier, { clock = systemClock, disk = folder }: { clock?: Clock; disk?: string } = {}) {
  const inbox = sqliteInbox(path.join(disk, 'inbox'));
  const troubles: string[] = [];
  const collector = new Collector({ carrier, edge, inbox, clock, onTrouble: (trouble) => troubles.push(reasonOf(trouble)) });
  const got: number[] = [];
  const reading = (async () => {
    for await (const { label } of collector.receive()) got.push(label.sequence);
  })();
  const stop = async () => {
    await collector.close();
    await reading;
    await inbox.close();
  };
  closing.push(stop);
  return { got, stop, troubles };
}

const brokers = [
  ['nats-server', natsCarrier],
  ['mosquitto', mqttCarrier],
] as const;
const sockets = (): Carrier => httpCarrier(({ name }) => ({ socket: path.join(folder, name) }));

describe.each([
  ['a call', () => inProcessCarrier()],
  ['HTTP', sockets],
] as const)('store and forward over %s', (_, make) => {
  it('keeps what is promised while nobody is there, and brings each once and in order of capture', async () => {
    const carrier = make();
    const troubles: (string | null)[] = [];
    const { forwarder, outbox } = near(carrier, (trouble) => troubles.push(trouble));
    for (const sequence of [3, 1, 2]) await forwarder.offer(parcel(sequence));
    expect(await outbox.waiting()).toBe(3);
    await expect.poll(() => troubles.at(-1)).toMatch(/nobody receives at its other end/);
    const first = far(carrier);
    await forwarder.emptied();
    await expect.poll(() => first.got).toEqual([1, 2, 3]);
    await first.stop();
    for (const sequence of sequences(4, 40)) await forwarder.offer(parcel(sequence));
    const second = far(carrier);
    await forwarder.emptied();
    await expect.poll(() => second.got).toEqual(sequences(4, 40));
    expect(troubles.at(-1)).toBeNull();
  });

  it('measures how far the other clock is ahead', async () => {
    const carrier = make();
    far(carrier, { clock: ahead(5000) });
    const { forwarder } = near(carrier);
    for (const sequence of sequences(1, 20)) await forwarder.offer(parcel(sequence));
    await forwarder.emptied();
    const offset = forwarder.offset ?? { ahead: 0, within: 0 };
    // Whole milliseconds at both ends.
    expect(Math.abs(offset.ahead - 5000)).toBeLessThanOrEqual(offset.within + 1);
  });

  it('drops frames by their policy, and nothing that is promised', async () => {
    const carrier = make();
    const { forwarder } = near(carrier);
    for (const sequence of sequences(1, 50)) await forwarder.offer(parcel(sequence, sequence % 5 === 0));
    const { got } = far(carrier);
    await forwarder.emptied();
    await expect.poll(() => got.length).toBe(20);
    expect(got.filter((sequence) => sequence % 5 === 0)).toEqual(sequences(1, 10).map((tenth) => tenth * 5));
    expect(got.filter((sequence) => sequence % 5 !== 0)).toEqual([49, 48, 47, 46, 44, 43, 42, 41, 39, 38]);
    expect(forwarder.dropped).toEqual({ stale: 0, full: 30 });
  });
});

describe.each(brokers)('store and forward over %s', (name, make) => {
  const missing = lacking(name);
  it.skipIf(missing !== '')(
    `trusts no broker: one that is down at start, and later loses all that it has${missing}`,
    async () => {
      const broker = await Broker.prepare(name, path.join(folder, 'broker'));
      closing.push(async () => await broker.stop());
      const carrier = make({ host: '127.0.0.1', port: broker.port });
      const troubles: (string | null)[] = [];
      const { forwarder, outbox } = near(carrier, (trouble) => troubles.push(trouble));
      for (const sequence of sequences(1, 10)) await forwarder.offer(parcel(sequence));
      await expect.poll(() => troubles.at(-1)).toMatch(/no broker answers/);
      expect(await outbox.waiting()).toBe(10);
      await broker.start();
      const first = far(carrier);
      await forwarder.emptied();
      // What is on its disk, and was not given out yet, is for whoever comes next.
      await expect.poll(() => first.got, { timeout: 300_000 }).toEqual(sequences(1, 10));
      await first.stop();
      // Nobody receives: the broker has it, and dies with its disk.
      for (const sequence of sequences(11, 16)) await forwarder.offer(parcel(sequence));
      await expect.poll(() => troubles.at(-1), { timeout: 300_000 }).toMatch(/not confirmed/);
      await broker.kill();
      rmSync(path.join(folder, 'broker'), { recursive: true });
      await (await Broker.prepare(name, path.join(folder, 'broker'))).stop();
      await broker.start();
      const second = far(carrier);
      await expect.poll(() => second.got, { timeout: 300_000 }).toEqual(sequences(11, 16));
      await forwarder.emptied();
    },
  );
});

const disk = smallDisk('1m');
describe.skipIf(disk === null)('a full disk at the far end (tested where a small file system can be mounted)', () => {
  afterAll(() => disk?.remove());

  it('confirms nothing, says why, and takes each once when there is room', async () => {
    const carrier = inProcessCarrier();
    const { got, troubles } = far(carrier, { disk: disk?.folder ?? '' });
    disk?.fill();
    const { forwarder, outbox } = near(carrier);
    const last = 150;
    for (const sequence of sequences(1, last)) await forwarder.offer({ ...parcel(sequence), bytes: new Uint8Array(9000) });
    await expect.poll(() => troubles.join('\n'), { timeout: 20_000 }).toMatch(/inbox: the disk is full/);
    expect(await outbox.waiting()).toBeGreaterThan(0);
    disk?.free();
    await forwarder.emptied();
    await expect.poll(() => got, { timeout: 20_000 }).toEqual(sequences(1, last));
  });
});

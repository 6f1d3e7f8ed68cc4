/** What could stand still for ever, or lose what was promised, though nothing is down: one end is deaf, or somebody lies. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reasonOf, systemClock } from '#kernel';
import { Broker } from '../../testing/rig/brokers.ts';
import { lacking } from '../../testing/rig/programs.ts';
import type { Carrier, Edge, Parcel } from '../carrier.ts';
import { bundling } from '../forward/bundle.ts';
import { Collector } from '../forward/collector.ts';
import { Forwarder } from '../forward/forwarder.ts';
import type { Inbox } from '../forward/stores.ts';
import { inProcessCarrier } from './in-process.ts';
import { mqttCarrier } from './mqtt.ts';
import { natsCarrier } from './nats.ts';
import { sqliteInbox } from './sqlite-inbox.ts';
import { sqliteOutbox } from './sqlite-outbox.ts';

const edge: Edge = { name: 'events', window: 8, largest: 1000 };
const event = (sequence: number, camera = 'gate'): Parcel => ({
  label: { camera, sequence, capturedAt: sequence, promised: true },
  bytes: new Uint8Array(10),
});
const frame = (sequence: number): Parcel => ({
  label: { camera: 'gate-frames', sequence, capturedAt: sequence, promised: false },
  bytes: new Uint8Array(10),
});
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

let folder = '';
const closing: (() => Promise<unknown> | void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-standstill-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  rmSync(folder, { recursive: true });
});

function near(carrier: Carrier, patience = 100): Forwarder {
  const outbox = sqliteOutbox(path.join(folder, 'outbox'));
  const frames = { order: 'newest first', staleAfter: null, mostBytes: 1000 } as const;
  const forwarder = new Forwarder({ carrier, edge, outbox, frames, clock: systemClock, patience });
  closing.push(async () => {
    await forwarder.close();
    await outbox.close();
  });
  return forwarder;
}

/** @returns the promised messages that it gives out, and what it says */
function far(carrier: Carrier, wrap: (inbox: Inbox) => Inbox = (inbox) => inbox): { got: number[]; troubles: string[] } {
  const inbox = wrap(sqliteInbox(path.join(folder, 'inbox')));
  const troubles: string[] = [];
  const onTrouble = (trouble: unknown) => troubles.push(reasonOf(trouble));
  const collector = new Collector({ carrier, edge, inbox, clock: systemClock, onTrouble, silence: 300 });
  const got: number[] = [];
  const reading = (async () => {
    for await (const { label } of collector.receive()) if (label.promised) got.push(label.sequence);
  })();
  closing.push(async () => {
    await collector.close();
    await reading;
    await inbox.close();
  });
  return { got, troubles };
}

/** The first receiver of an edge hears nothing, and nobody is told. */
function deafAtFirst(carrier: Carrier, name: string): Carrier {
  let opened = 0;
  return {
    ...carrier,
    whileNobodyReceives: 'keeps',
    openReceiver: async (of) => {
      const receiver = await carrier.openReceiver(of);
      if (of.name !== name || (opened += 1) > 1) return receiver;
      const ended = Promise.withResolvers<void>();
      return {
        receive: async function* () {
          await ended.promise;
          yield* [];
        },
        close: async () => {
          ended.resolve();
          await receiver.close();
        },
      };
    },
  };
}

/** The first promised messages get lost, and their sender is told that they arrived. */
function losing(carrier: Carrier, count: number): Carrier {
  let lost = 0;
  return {
    ...carrier,
    openSender: async (of) => {
      const sender = await carrier.openSender(of);
      return {
        close: async () => await sender.close(),
        send: async (parcel) => {
          if (parcel.label.kept === undefined || (lost += 1) > count) await sender.send(parcel);
        },
      };
    },
  };
}

describe('what is promised arrives', () => {
  it('though it was lost on the way, and frames never end', async () => {
    const carrier = losing(inProcessCarrier(), 1);
    const { got } = far(carrier);
    const forwarder = near(carrier);
    await forwarder.offer(event(1));
    let sequence = 0;
    await expect
      .poll(
        async () => {
          for (let more = 0; more < 5; more += 1) await forwarder.offer(frame((sequence += 1)));
          return got;
        },
        { timeout: 20_000, interval: 10 },
      )
      .toEqual([1]);
  });

  it.each([
    ['confirmations', 'events-acks'],
    ['messages', 'events'],
  ])('though the end that %s come to is deaf, and nobody is told', async (_, deaf) => {
    const carrier = deafAtFirst(inProcessCarrier(), deaf);
    const { got } = far(carrier);
    const forwarder = near(carrier);
    for (const sequence of upTo(5)) await forwarder.offer(event(sequence));
    await forwarder.emptied();
    await expect.poll(() => got).toEqual(upTo(5));
  });

  it('though the labels are far larger than what they are on', async () => {
    const carrier = inProcessCarrier();
    const { got } = far(carrier);
    const forwarder = near(carrier);
    for (const sequence of upTo(100)) await forwarder.offer(event(sequence, 'ü'.repeat(200)));
    await forwarder.emptied();
    await expect.poll(() => got).toEqual(upTo(100));
  });

  it('once, though a full disk could not note that somebody was done with it', async () => {
    const carrier = inProcessCarrier();
    let full = 3;
    const { got, troubles } = far(carrier, (inbox) => ({
      ...inbox,
      done: async (id) => {
        if ((full -= 1) >= 0) throw new Error('the disk is full');
        await inbox.done(id);
      },
    }));
    const forwarder = near(carrier);
    for (const sequence of upTo(3)) await forwarder.offer(event(sequence));
    await forwarder.emptied();
    await expect.poll(() => got, { timeout: 20_000 }).toEqual(upTo(3));
    expect(troubles).toEqual(Array.from({ length: 3 }, () => 'the disk is full'));
  });
});

describe('what could never arrive is not promised, and stands before nothing', () => {
  it.each([
    ['larger than the edge bears', { ...event(1), bytes: new Uint8Array(1001) }, /1001 bytes is larger than the 1000/],
    ['of a camera whose name is too long', event(1, 'x'.repeat(201)), /no label of a message/],
    ['without a capture time', { ...event(1), label: { ...event(1).label, capturedAt: Number.NaN } }, /no label of a message/],
  ])('%s', async (_, parcel, refusal) => {
    const carrier = inProcessCarrier();
    const { got } = far(carrier);
    const forwarder = near(carrier);
    await expect(forwarder.offer(parcel)).rejects.toThrow(refusal);
    await forwarder.offer(event(2));
    await forwarder.emptied();
    await expect.poll(() => got).toEqual([2]);
  });
});

describe.each([
  ['nats-server', natsCarrier],
  ['mosquitto', mqttCarrier],
] as const)('over %s', (name, make) => {
  const missing = lacking(name);
  it.skipIf(missing !== '')(`what only looks like a bundle is dropped, and what was promised arrives${missing}`, async () => {
    const broker = await Broker.start(name, path.join(folder, 'broker'));
    closing.push(async () => await broker.stop());
    const carrier = make({ host: '127.0.0.1', port: broker.port });
    const { got } = far(carrier);
    const somebody = await carrier.openSender(bundling(edge));
    const kept = { by: 'somebody', position: 1, since: 1 };
    for (const bytes of [Uint8Array.of(9, 9, 9, 9, 9), Uint8Array.of(2, 0, 0, 0, 0, 0)])
      await somebody.send({ label: { ...event(1).label, kept }, bytes });
    await somebody.close();
    const forwarder = near(carrier, 1000);
    for (const sequence of upTo(3)) await forwarder.offer(event(sequence));
    await forwarder.emptied();
    await expect.poll(() => got).toEqual(upTo(3));
  });
});

/** Connections to a real broker that end at the worst moment: what a broker believes that it delivered, or whom it believes listening. */
import { connectAsync } from 'mqtt';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parcelOf } from '../../testing/contracts/carrier.contract.ts';
import { Broker } from '../../testing/rig/brokers.ts';
import { lacking } from '../../testing/rig/programs.ts';
import type { Edge, Receiver } from '../carrier.ts';
import { mqttCarrier } from './mqtt.ts';
import { natsCarrier } from './nats.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-lost-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What it gives, as it comes. */
function read(receiver: Receiver): number[] {
  const got: number[] = [];
  void (async () => {
    for await (const { label } of receiver.receive()) got.push(label.sequence);
  })();
  return got;
}

describe.skipIf(lacking('nats-server') !== '')(`nats-server${lacking('nats-server')}`, () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.start('nats-server', path.join(folder, 'nats'));
  });
  afterAll(async () => await broker?.stop());

  it('gives again what it sent into a connection that was lost, and nothing twice', async () => {
    const way = await wayThatSwallows(broker.port);
    const edge: Edge = { name: 'swallowed', window: 4, largest: 1000 };
    const sender = await natsCarrier({ host: '127.0.0.1', port: broker.port }).openSender(edge);
    const receiver = await natsCarrier({ host: '127.0.0.1', port: way.port }).openReceiver(edge);
    const got = read(receiver);
    await sender.send(parcelOf(1));
    await expect.poll(() => got).toEqual([1]);
    way.swallow();
    for (const sequence of [2, 3, 4]) await sender.send(parcelOf(sequence));
    await expect.poll(() => way.swallowed()).toBeGreaterThan(300);
    way.cut();
    await expect.poll(() => got, { timeout: 60_000 }).toEqual([1, 2, 3, 4]);
    await sender.send(parcelOf(5));
    await expect.poll(() => got).toEqual([1, 2, 3, 4, 5]);
    await receiver.close();
    await sender.close();
    way.close();
  });
});

describe.skipIf(lacking('mosquitto') !== '')(`mosquitto${lacking('mosquitto')}`, () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.start('mosquitto', path.join(folder, 'mosquitto'));
  });
  afterAll(async () => await broker?.stop());

  it('is asked again by a receiver whose session it remembers without its subscription', async () => {
    const edge: Edge = { name: 'forgotten', window: 4, largest: 1000 };
    const carrier = mqttCarrier({ host: '127.0.0.1', port: broker.port });
    const receiver = await carrier.openReceiver(edge);
    const got = read(receiver);
    await unsubscribed(broker.port, edge);
    const sender = await carrier.openSender(edge);
    let sequence = 0;
    await expect
      .poll(
        async () => {
          await sender.send(parcelOf((sequence += 1)));
          return got.length;
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBeGreaterThan(0);
    await receiver.close();
    await sender.close();
  });
});

/** In the session of its receiver, as if the broker had been killed before the subscription was on its disk. */
async function unsubscribed(port: number, { name }: Edge): Promise<void> {
  const session = { clean: false, properties: { sessionExpiryInterval: 3600 } };
  for (;;) {
    try {
      const options = { host: '127.0.0.1', port, protocolVersion: 5, clientId: `${name}-receiver`, reconnectPeriod: 0 } as const;
      const client = await connectAsync({ ...options, ...session });
      client.on('error', () => {});
      await client.unsubscribeAsync(`fieldproof/${name}/data`);
      return void client.end(true);
    } catch {
      // The receiver was faster in taking its session back.
    }
  }
}

/** A way to a port of this machine that can be told to swallow what comes back, and to end its connections. */
async function wayThatSwallows(to: number) {
  const sockets = new Set<Socket>();
  const state = { swallowing: false, swallowed: 0 };
  const server = createServer((from) => {
    const target = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [from, target],
      [target, from],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.once('close', () => other.destroy());
    }
    from.on('data', (data) => target.write(data));
    target.on('data', (data) => {
      if (state.swallowing) state.swallowed += data.length;
      else from.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    state.swallowing = false;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    swallow: () => void (state.swallowing = true),
    swallowed: () => state.swallowed,
    cut,
    close: () => {
      cut();
      server.close();
    },
  };
}

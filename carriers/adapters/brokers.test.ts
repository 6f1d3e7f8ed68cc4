import { connect as connectNats } from '@nats-io/transport-node';
import { connectAsync } from 'mqtt';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carrierContract, parcelOf } from '../../testing/contracts/carrier.contract.ts';
import { Broker, type BrokerName } from '../../testing/rig/brokers.ts';
import { lacking } from '../../testing/rig/programs.ts';
import type { BrokerAccess } from '../broker.ts';
import type { Carrier, Edge, Parcel } from '../carrier.ts';
import { mqttCarrier } from './mqtt.ts';
import { natsCarrier } from './nats.ts';

const kinds: readonly (readonly [BrokerName, (access: BrokerAccess) => Carrier])[] = [
  ['nats-server', natsCarrier],
  ['mosquitto', mqttCarrier],
];

describe.each(kinds)('%s', (name, make) => {
  const missing = lacking(name);
  describe.skipIf(missing !== '')(`as it is${missing}`, () => {
    let folder = '';
    let broker: Broker;
    beforeAll(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-broker-'));
      broker = await Broker.start(name, folder);
    });
    afterAll(async () => {
      await broker?.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    const access = () => ({ host: '127.0.0.1', port: broker.port });

    carrierContract(name, async () => ({ carrier: make(access()), close: async () => {} }));

    it('that is down is said to be, with what to do, and is taken up again when it comes back', async () => {
      const edge: Edge = { name: 'restart', window: 4, largest: 1000 };
      const carrier = make(access());
      const receiver = await carrier.openReceiver(edge);
      const sender = await carrier.openSender(edge);
      const got: Parcel[] = [];
      const reading = (async () => {
        for await (const parcel of receiver.receive()) got.push(parcel);
      })();
      await sender.send(parcelOf(1));
      await broker.stop();
      const later = sender.send(parcelOf(2));
      await expect(make(access()).openSender({ ...edge, name: 'other' })).rejects.toThrow(
        /no broker answers at 127[\s\S]*remedy/,
      );
      await broker.start();
      await later;
      await sender.send(parcelOf(3));
      const sequences = () => [...new Set(got.map(({ label }) => label.sequence))];
      await expect.poll(sequences, { timeout: 300_000 }).toEqual([1, 2, 3]);
      await receiver.close();
      await sender.close();
      await reading;
    });

    it('that anybody has put anything into goes on with what a stage has sent', async () => {
      const edge: Edge = { name: 'dirty', window: 4, largest: 1000 };
      const carrier = make(access());
      const receiver = await carrier.openReceiver(edge);
      for (const bytes of ['', 'x', '\u00ff\u00ff{}', '{"camera":1}'])
        await putRaw[name](broker.port, edge, Buffer.from(bytes, 'latin1'));
      const sender = await carrier.openSender(edge);
      const from = receiver.receive();
      const sending = sender.send(parcelOf(7));
      expect((await from.next()).value.label.sequence).toBe(7);
      await sending;
      await sender.close();
      await receiver.close();
    });

    it('that asks for a login refuses a wrong one in words that do not hold it', async () => {
      const locked = await Broker.prepare(name, path.join(folder, 'locked'));
      locked.password = 'right';
      await locked.start();
      const edge: Edge = { name: 'locked', window: 4, largest: 1000 };
      const as = (password: string) => make({ host: '127.0.0.1', port: locked.port, login: { user: 'stage', password } });
      const wrong = as('wr0ng').openSender(edge);
      await expect(wrong).rejects.toThrow(/refuses the login[\s\S]*remedy: correct the Secret/);
      await expect(wrong).rejects.not.toThrow(/wr0ng/);
      const sender = await as('right').openSender(edge);
      await sender.close();
      await locked.stop();
    });
  });
});

/** As somebody would who is no stage. */
const putRaw: Record<BrokerName, (port: number, edge: Edge, bytes: Buffer) => Promise<void>> = {
  'nats-server': async (port, edge, bytes) => {
    const connection = await connectNats({ servers: `127.0.0.1:${port}` });
    connection.publish(`fieldproof.${edge.name}`, bytes);
    await connection.close();
  },
  mosquitto: async (port, edge, bytes) => {
    const client = await connectAsync({ host: '127.0.0.1', port, protocolVersion: 5 });
    await client.publishAsync(`fieldproof/${edge.name}/data`, bytes, { qos: 1 });
    await client.endAsync();
  },
};

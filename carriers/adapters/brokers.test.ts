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
      await expect.poll(sequences, { timeout: 20_000 }).toEqual([1, 2, 3]);
      await receiver.close();
      await sender.close();
      await reading;
    });
  });
});

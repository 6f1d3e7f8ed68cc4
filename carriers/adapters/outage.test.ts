import { describe, expect, it } from 'vitest';
import { playThroughOutage } from '../../testing/rig/outage.ts';
import { lacking } from '../../testing/rig/programs.ts';
import { abilities } from './link/namespace-link.ts';

const EVENTS = 60;
const profile = {
  name: 'outage',
  bandwidth: { up: 2e6, down: 2e6 },
  delay: 20,
  jitter: 5,
  loss: 0,
  outage: { after: 3000, lasts: 3000 },
};

describe.concurrent.each(['nats-server', 'mosquitto'] as const)(
  'a link that goes down in the middle of a replay, over %s',
  (broker) => {
    const missing = lacking(broker, 'toxiproxy-server') + (abilities().namespaces ? '' : ' (needs network namespaces)');
    it.skipIf(missing !== '')(
      `loses and doubles nothing that was promised, though stages and broker are killed${missing}`,
      async () => {
        const result = await playThroughOutage({ broker, profile, every: 150, events: EVENTS, kills: 4, seed: 7 });
        expect(result).toMatchObject({ promised: EVENTS, lost: 0, doubled: 0, outOfOrder: 0 });
        expect(result.arrivals.map(({ sequence }) => sequence)).toEqual(Array.from({ length: EVENTS }, (_, index) => index));
        // It was down: what was captured meanwhile came after.
        const meanwhile = result.arrivals.filter(({ capturedAt }) => capturedAt > result.cut && capturedAt < result.mended - 200);
        expect(meanwhile.length).toBeGreaterThan(10);
        expect(meanwhile.filter(({ at }) => at < result.mended)).toEqual([]);
        expect(new Set(result.killed).size).toBeGreaterThan(1);
      },
    );
  },
);

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lacking, programFor } from '../../../testing/rig/programs.ts';
import type { LinkProfile, RunningLink } from '../../link.ts';
import { realLinks } from './links.ts';
import { abilities } from './namespace-link.ts';

const plain: LinkProfile = { name: 'plain', bandwidth: null, delay: 0, jitter: 0, loss: 0, outage: null };
const toxiproxy = programFor('toxiproxy-server');
const ways = [
  ['the kernel', realLinks(toxiproxy), abilities().namespaces ? '' : ' (needs network namespaces: root on Linux)'],
  ['toxiproxy', realLinks(toxiproxy, () => ({ namespaces: false, netem: false })), lacking('toxiproxy-server')],
] as const;

describe.each(ways)('a link shaped by %s', (_, links, missing) => {
  describe.skipIf(missing !== '')(`carries what is sent${missing}`, () => {
    let server: Server;
    let far = { host: '127.0.0.1', port: 0 };
    const received: number[] = [];
    const started: RunningLink[] = [];
    beforeAll(async () => {
      // What it gets it counts; one byte is answered with one.
      server = createServer({ noDelay: true }, (socket) => {
        socket
          .on('error', () => {})
          .on('data', (bytes) => {
            received.push(bytes.length);
            if (bytes.length === 1) socket.write(bytes);
          });
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      far = { host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0 };
    });
    afterEach(async () => {
      for (const link of started.splice(0)) await link.close();
    });
    afterAll(() => void server.close());

    async function start(given: Partial<LinkProfile>): Promise<RunningLink> {
      const link = await links.start({ ...plain, ...given }, far);
      started.push(link);
      return link;
    }

    async function connected({ near }: RunningLink): Promise<Socket> {
      const socket = connect({ ...near, noDelay: true });
      socket.on('error', () => {});
      await once(socket, 'connect');
      return socket;
    }

    /** Milliseconds of one byte there and back. */
    async function roundtrip(socket: Socket): Promise<number> {
      const begun = performance.now();
      const answer = once(socket, 'data');
      socket.write('x');
      await answer;
      return performance.now() - begun;
    }

    /** Milliseconds until all of it has arrived. */
    async function transfer(socket: Socket, bytes: number): Promise<number> {
      const begun = performance.now();
      received.length = 0;
      socket.write(Buffer.alloc(bytes));
      while (received.reduce((sum, size) => sum + size, 0) < bytes) await sleep(2);
      return performance.now() - begun;
    }

    it('at about the rate that its profile says, and far from it without', async () => {
      const [narrow, wide] = [await start({ bandwidth: { up: 8e6, down: 8e6 } }), await start({})];
      const SIZE = 400_000;
      const times = { narrow: 0, wide: 0 };
      for (let round = 0; round < 3; round += 1) {
        times.narrow += await transfer(await connected(narrow), SIZE);
        times.wide += await transfer(await connected(wide), SIZE);
      }
      const ideal = (3 * SIZE * 8 * 1000) / 8e6;
      // A bucket that is full at first lets a few packets by; a machine that is busy takes longer, with and without shape.
      expect(times.narrow).toBeGreaterThan(ideal * 0.87);
      expect(times.narrow).toBeLessThan(ideal * 1.5 + times.wide * 5);
      expect(times.wide).toBeLessThan(times.narrow);
      expect(narrow.shapedBy).toMatchObject({ bandwidth: expect.stringMatching(/tbf|toxiproxy/), delay: 'nothing' });
      const { up } = await narrow.bytes();
      expect(up).toBeGreaterThanOrEqual(3 * SIZE);
      expect(up).toBeLessThan(3 * SIZE * 1.2);
    });

    it.skipIf(toxiproxy === null)('after the delay of its profile, each way', async () => {
      const socket = await connected(await start({ delay: 25, jitter: 4 }));
      await roundtrip(socket);
      for (let round = 0; round < 5; round += 1) expect(await roundtrip(socket)).toBeGreaterThanOrEqual(2 * (25 - 4));
    });

    it('not at all while it is cut, and again when it is mended', async () => {
      const link = await start({});
      const before = await connected(link);
      await roundtrip(before);
      await link.cut();
      received.length = 0;
      before.write('lost, or late');
      await sleep(300);
      expect(received).toEqual([]);
      await link.mend();
      const again = async () => await roundtrip(await connected(link));
      await expect
        .poll(async () => await Promise.race([again(), sleep(500).then(() => null)]), { timeout: 300_000 })
        .not.toBeNull();
    });
  });
});

describe('a link that nothing here can shape', () => {
  const nothing = () => ({ namespaces: false, netem: false });
  it.each([
    [
      'without toxiproxy and namespaces',
      realLinks(null, nothing),
      { delay: 10 },
      /nothing here can shape it[\s\S]*make programs/,
    ],
    ['that loses packets, without netem', realLinks(toxiproxy, nothing), { loss: 0.1 }, /takes netem[\s\S]*leave out its loss/],
  ] as const)('is refused: %s', async (_, links, given, message) => {
    await expect(links.start({ ...plain, ...given }, { host: '127.0.0.1', port: 1 })).rejects.toThrow(message);
  });
});

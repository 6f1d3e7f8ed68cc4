import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { lacking, programFor } from '../../../testing/rig/programs.ts';
import { Toxiproxy } from './toxiproxy.ts';

const missing = lacking('toxiproxy-server');

describe('toxiproxy', () => {
  it.skipIf(missing !== '')(`is started elsewhere where its port is taken, also by another toxiproxy${missing}`, async () => {
    const program = programFor('toxiproxy-server');
    if (program === null) throw new Error('not made');
    const ports: number[] = [];
    const noted = async () => {
      const port = await free();
      ports.push(port);
      return port;
    };
    const to = { host: '127.0.0.1', port: 9 };
    const first = await Toxiproxy.start(program, to, [], noted);
    const taken = ports[0] ?? 0;
    const choices = [taken, taken, await free()];
    const second = await Toxiproxy.start(program, to, [], async () => choices.shift() ?? 0);
    expect(choices).toEqual([]);
    expect(second.near.port).not.toBe(first.near.port);
    await second.enable(false);
    await second.enable(true);
    const others = (await (await fetch(`http://127.0.0.1:${taken}/proxies`)).json()) as Record<string, { listen: string }>;
    expect(Object.values(others).map(({ listen }) => listen)).toEqual([`127.0.0.1:${first.near.port}`]);
    await Promise.all([first.close(), second.close()]);
  });
});

async function free(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

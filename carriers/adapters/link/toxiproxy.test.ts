import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../../testing/rig/processes.ts';
import { lacking, programFor } from '../../../testing/rig/programs.ts';
import { Toxiproxy } from './toxiproxy.ts';

const missing = lacking('toxiproxy-server');
const to = { host: '127.0.0.1', port: 9 };

describe('toxiproxy', () => {
  it.skipIf(missing !== '')(`is started elsewhere where its port is taken, also by another toxiproxy${missing}`, async () => {
    const program = programFor('toxiproxy-server');
    if (program === null) throw new Error('not made');
    const stranger = createServer((_, response) => response.end('something else')).listen(await freePort(), '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address() as { port: number };
    const taken = await freePort();
    const first = await Toxiproxy.start(program, to, [], async () => taken);
    const choices = [taken, port, await freePort()];
    const second = await Toxiproxy.start(program, to, [], async () => choices.shift() ?? 0);
    expect(choices).toEqual([]);
    expect(second.near.port).not.toBe(first.near.port);
    await second.enable(false);
    await second.enable(true);
    const others = (await (await fetch(`http://127.0.0.1:${taken}/proxies`)).json()) as Record<string, { listen: string }>;
    expect(Object.values(others).map(({ listen }) => listen)).toEqual([`127.0.0.1:${first.near.port}`]);
    await Promise.all([first.close(), second.close()]);
    stranger.close();
  });
});

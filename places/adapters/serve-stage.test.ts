import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import type { ToldStage } from '#graphs';
import { afterEach, describe, expect, it } from 'vitest';
import { Broker } from '../../testing/rig/brokers.ts';
import { lacking } from '../../testing/rig/programs.ts';
import { ServedGraph } from '../../testing/stage-programs/served-graph.ts';
import { DOOR_RULE } from '../../testing/stage-programs/told-door.ts';

const picture = async (red: number) =>
  await sharp({ create: { width: 32, height: 24, channels: 3, background: { r: red, g: 20, b: 20 } } })
    .jpeg()
    .toBuffer();
const PROGRAM = path.resolve(import.meta.dirname, '../../testing/stage-programs/scripted.ts');
const BEGAN = 1_790_000_000_000;

let graph: ServedGraph | undefined;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await graph?.close();
  graph = undefined;
  for (const close of closing.splice(0)) await close();
});

/** Shows visits, a red picture and a dark one each, from one second to the next; a picture for which nobody has time is shown again. */
async function show(of: ServedGraph, visits: readonly number[]): Promise<void> {
  const [red, dark] = [await picture(220), await picture(20)];
  for (const visit of visits)
    for (const [index, body] of [red, dark].entries()) {
      const at = BEGAN + visit * 1000 + index * 100;
      await expect
        .poll(async () => (await of.ask('look', `/cameras/gate?captured-at=${at}`, body).catch(() => null))?.status, {
          timeout: 20_000,
        })
        .toBe(200);
    }
}

type Answer = { number: number; event: { camera: string; label: string; start: number; site: string } };
const answersOf = async (of: ServedGraph) => ((await of.ask('visits', '/answers')).body as { answers: Answer[] }).answers;
const seen = async (of: ServedGraph) => (await answersOf(of)).map(({ event }) => (event.start - BEGAN) / 1000);

describe('a graph whose stages are served as they are deployed', () => {
  it('answers what its cameras saw, over the edges that each stage was told', async () => {
    graph = await ServedGraph.start();
    await show(graph, [1, 2, 3]);
    await expect.poll(async () => await seen(graph as ServedGraph), { timeout: 20_000 }).toEqual([1, 2, 3]);
    const [first] = await answersOf(graph);
    expect(first).toMatchObject({ number: 1, event: { camera: 'porch/gate', label: 'visit', site: 'porch' } });
    expect((await graph.ask('visits', '/answers?after=2')).body).toMatchObject({ answers: [{ number: 3 }] });
    await expect
      .poll(async () => (await (graph as ServedGraph).ask('find', '/stage')).body, { timeout: 20_000 })
      .toMatchObject({
        graph: 'door',
        stage: 'find',
        site: 'porch',
        handled: 6,
        given: 6,
        failed: 0,
        troubles: {},
      });
    expect((await graph.ask('find', '/v2/models/tiny')).body).toMatchObject({ name: 'tiny' });
    expect(await graph.end('look', 'SIGTERM')).toBe(0);
  });

  it('says what is wrong with what it is asked', async () => {
    graph = await ServedGraph.start();
    const words = async (...asked: Parameters<ServedGraph['ask']>) => {
      const { status, body } = await (graph as ServedGraph).ask(...asked);
      return `${status} ${(body as { error: string }).error}`;
    };
    expect(await words('look', '/cameras/gate', new Uint8Array(9))).toBe(
      '400 its body is no picture that can be read: send a JPEG or a PNG, of at most 10 megapixels',
    );
    expect(await words('look', '/cameras/gate')).toMatch(/^405 .*POST/);
    expect(await words('look', '/cameras/a%2Fb', await picture(1))).toMatch(/^404 name the camera/);
    expect(await words('look', '/cameras/gate?captured-at=soon', await picture(1))).toMatch(/^400 .*captured-at/s);
    expect(await words('look', `/cameras/gate?captured-at=${Date.now() + 120_000}`, await picture(1))).toMatch(
      /^400 captured-at is more than a/,
    );
    const drawn = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    expect(await words('look', '/cameras/gate', drawn)).toMatch(/^400 .*no picture/);
    const large = await sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    expect(await words('look', '/cameras/gate', large)).toMatch(/^400 .*at most 10 megapixels/);
    expect(await graph.raw('look', 'GET //[ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await graph.isReady('look')).toBe(true);
    expect(await words('visits', '/answers?after=x')).toMatch(/^400 /);
    expect(await words('visits', '/cameras/gate', await picture(1))).toBe('404 there is nothing at /cameras/gate');
  });

  it("asks a program of somebody's own, and goes on with the one that is started after it", async () => {
    const of = await ServedGraph.start();
    graph = of;
    for (const stage of ['find', 'visits'] as const) await of.end(stage);
    let program: ChildProcess | undefined;
    const run = async (behaviour: string) => {
      program?.kill('SIGKILL');
      rmSync(of.socket, { force: true });
      program = spawn(process.execPath, [PROGRAM, of.socket, behaviour], { stdio: ['ignore', 'pipe', 'inherit'] });
      if (program.stdout !== null) await once(program.stdout, 'data');
    };
    closing.push(async () => void program?.kill('SIGKILL'));
    await run('babbles');
    const work: ToldStage['work'] = {
      kind: 'container',
      build: 'stages/find',
      takes: ['frame'],
      gives: 'detections',
      contract: 1,
    };
    await of.startStage('find', { work });
    await of.startStage('visits', { rule: { ...DOOR_RULE, labels: { visit: ['person'] } } });
    await show(of, [1, 2, 3, 4]);
    const status = async () => (await of.ask('find', '/stage')).body as { failed: number; lastFailure: string };
    await expect.poll(async () => (await status()).failed, { timeout: 20_000 }).toBeGreaterThan(0);
    expect((await status()).lastFailure).toMatch(/its answer begins with 2 bytes/);
    await run('good');
    await show(of, [11, 12]);
    await expect.poll(async () => (await seen(of)).slice(-2), { timeout: 20_000 }).toEqual([11, 12]);
  });

  it('ends where nobody could be that stage, and names the file', async () => {
    graph = await ServedGraph.start();
    await graph.end('visits');
    const work = { kind: 'stock', stock: 'nonsense' } as never;
    await expect(graph.startStage('visits', { work })).rejects.toThrow(/ended with 3: .*edges\.json.*ship the graph again/s);
  });

  const missing = lacking('nats-server');
  it.skipIf(missing !== '')(
    `loses and doubles nothing that was promised while its stages and its broker are killed${missing}`,
    async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-broker-'));
      const broker = await Broker.prepare('nats-server', folder);
      closing.push(async () => {
        await broker.stop();
        rmSync(folder, { recursive: true, force: true });
      });
      broker.password = 'of a test';
      await broker.start();
      const login = { user: 'stage', password: broker.password };
      const of = await ServedGraph.start({ host: '127.0.0.1', port: broker.port, login });
      graph = of;
      const visits = Array.from({ length: 24 }, (_, index) => index + 1);
      const showing = show(of, visits);
      for (const few of [1, 6, 12]) {
        await expect.poll(async () => (await seen(of).catch(() => [])).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(few);
        await of.end('visits');
        if (few === 6) {
          await broker.kill();
          await broker.start();
        }
        await of.startStage('visits');
      }
      await showing;
      await expect.poll(async () => await seen(of), { timeout: 60_000 }).toEqual(visits);
      await of.end('find');
      await of.startStage('find');
      await show(of, [31, 32]);
      await expect.poll(async () => await seen(of), { timeout: 60_000 }).toEqual([...visits, 31, 32]);
    },
  );
});

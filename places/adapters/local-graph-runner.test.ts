import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Graph, LinkProfile, Place, Placement, Stage } from '#graphs';
import type { CameraFrame, Cameras, GraphRun } from '../graph-runner.ts';
import { localGraphRunner, type LocalOptions } from './local-graph-runner.ts';

const PROGRAM = join(import.meta.dirname, '../../testing/stage-programs/scripted.ts');
const stock = (name: string, work: Extract<Stage['work'], { kind: 'stock' }>, ...from: string[]): Stage => ({ name, from, work });
const graph: Graph = {
  name: 'door',
  answer: 'visits',
  stages: [
    stock('look', { kind: 'stock', stock: 'decode' }),
    {
      name: 'find',
      from: ['look'],
      work: { kind: 'container', build: 'stages/find', takes: ['frame'], gives: 'detections', contract: 1 },
    },
    stock('visits', { kind: 'stock', stock: 'events', threshold: 0.5 }, 'find'),
  ],
};
const places: Place[] = ['edge', 'cloud'].map((name) => ({ name, cpus: 64, memoryBytes: null, price: { month: 0, cpuHour: 0 } }));
const links: LinkProfile[] = [{ name: 'dsl', up: 2e6, down: 2e6, delay: 0, jitter: 0, loss: 0, pricePerGigabyte: 0 }];
const traditional: Placement = { name: 'traditional', at: { look: 'edge', find: 'edge', visits: 'edge' }, links: [] };
const cloudy: Placement = {
  name: 'more in the cloud',
  at: { look: 'edge', find: 'cloud', visits: 'cloud' },
  links: [{ from: 'edge', to: 'cloud', profile: 'dsl' }],
};
/** What is decided at the edge comes back from the cloud. */
const backAgain: Placement = { ...cloudy, name: 'back again', at: { look: 'edge', find: 'cloud', visits: 'edge' } };

const SIZE = { width: 32, height: 24 };
async function* frames(bright: (after: number) => boolean): AsyncGenerator<CameraFrame> {
  for (let after = 0; after < 1600; after += 100)
    yield { after, ...SIZE, pixels: new Uint8Array(SIZE.width * SIZE.height * 3).fill(bright(after) ? 200 : 10) };
}
const visit = (after: number) => after >= 500 && after < 1000;
const cameras: Cameras = [
  [
    { name: 'gate/1', seconds: 1.6, frames: () => frames(visit) },
    { name: 'gate/2', seconds: 1.6, frames: () => frames(() => false) },
  ],
  [{ name: 'yard/1', seconds: 1.6, frames: () => frames(visit) }],
];
/** Of a slow camera: so a machine that is late for a frame makes no other answer. */
const rule = { framesPerSecond: 2, persistence: 2, mergeGap: 1, minimumArea: 0, labels: { visit: ['person'] } };
const run = (placement: Placement): GraphRun => ({ graph, placement, places, links, models: {}, rule, queue: 64, cameras });

const opened: { program: ChildProcess; folder: string }[] = [];
afterEach(async () => {
  for (const { program, folder } of opened.splice(0)) {
    program.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});

async function runnerWith(behaviour: string, options: Partial<LocalOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'fieldproof-stage-'));
  const path = join(folder, 'socket');
  const program = spawn(process.execPath, [PROGRAM, path, behaviour], { stdio: ['ignore', 'pipe', 'inherit'] });
  opened.push({ program, folder });
  await once(program.stdout, 'data');
  return localGraphRunner({ env: process.env, openLink: null, programs: { find: { path } }, ...options });
}

describe('a graph at live rate', () => {
  it.each([traditional, cloudy, backAgain])('answers what its cameras saw, each frame once: $name', async (placement) => {
    const runner = await runnerWith('good');
    const { places: observed, recordings, shapedBy } = await runner.run(run(placement));
    expect(recordings.map(({ camera, frames: sent }) => [camera, sent])).toEqual(
      expect.arrayContaining([['gate/1', 16], ['gate/2', 16], ['yard/1', 16]]), // prettier-ignore
    );
    const [judging] = observed.filter(({ judged }) => judged.length > 0);
    const dropped = observed.flatMap(({ stages, sent }) => [...stages, ...sent].flatMap((one) => one.dropped)).length;
    const refused = recordings.flatMap((recording) => recording.refused).length;
    expect((judging?.judged.length ?? 0) + dropped + refused).toBe(48);
    const answers = judging?.answers.toSorted((a, b) => (a.camera < b.camera ? -1 : 1)) ?? [];
    expect(answers.map(({ camera, label }) => [camera, label])).toEqual([
      ['gate/1', 'visit'],
      ['yard/1', 'visit'],
    ]);
    for (const { camera, start, alarm } of answers) {
      const began = recordings.find((one) => one.camera === camera)?.began ?? 0;
      expect(start - began).toBeGreaterThanOrEqual(500);
      expect(alarm - began).toBeLessThan(1000);
    }
    const bytes = observed.flatMap(({ sent }) => sent.flatMap((edge) => edge.bytes.map((one) => one.bytes)));
    expect(bytes.length > 0).toBe(placement !== traditional);
    expect(shapedBy).toEqual(placement === traditional ? {} : { dsl: null });
  });

  it('sends once over a link what two stages over there read', async () => {
    const thin = stock('thin', { kind: 'stock', stock: 'sample', framesPerSecond: 1000 }, 'look');
    const both: Graph = { ...graph, stages: [...graph.stages, thin] };
    const placement: Placement = { ...cloudy, at: { ...cloudy.at, thin: 'cloud' } };
    const runner = await runnerWith('good');
    const { places: observed } = await runner.run({ ...run(placement), graph: both });
    const sent = observed.flatMap((place) => place.sent);
    expect(sent.map(({ from, to, bytes }) => [from, to, bytes.length > 0])).toEqual([
      ['look', 'find', true],
      ['look', 'thin', false],
    ]);
    const handled = (name: string) =>
      observed
        .flatMap(({ stages }) => stages.filter(({ stage }) => stage === name).flatMap(({ work }) => work))
        .reduce((sum, work) => sum + work.handled, 0);
    expect(handled('thin')).toBe(handled('find'));
    expect(handled('thin')).toBeGreaterThan(40);
  });

  it('measures how far the clock of a place is off, and captures by the clock of the camera', async () => {
    const runner = await runnerWith('good', { clockErrors: { cloud: 90_000 } });
    const { places: observed } = await runner.run(run(cloudy));
    const cloud = observed.find(({ place }) => place === 'cloud');
    expect(Math.abs((cloud?.clock.offset ?? 0) - 90_000)).toBeLessThan(5 + (cloud?.clock.within ?? 0));
    const first = cloud?.judged[0];
    expect((first?.endedAt ?? 0) - (first?.capturedAt ?? 0)).toBeGreaterThan(89_000);
  });

  it.each([
    ['crashes', /stage find.*its program ended, or closed the connection/s],
    ['stalls', /stage find.*it has not answered for 1 s/s],
    ['answers-twice', /stage find.*(it answers with number \d+ of \S+, which it has given before|its program)/s],
    ['out-of-order', /stage find.*it answers with number \d+ of \S+, and leaves some before it out/s],
    ['another-kind', /stage find.*it answers with embedding, and was said to give detections/s],
    ['babbles', /stage find.*its answer begins with 2 bytes, and not with a count/s],
  ])('ends with clear words when a stage %s', async (behaviour, words) => {
    const runner = await runnerWith(behaviour, { answerWithin: 1000 });
    await expect(runner.run(run(traditional))).rejects.toThrow(words);
  });

  it('says which place ended, and what it was at', async () => {
    const runner = await runnerWith('good', { env: { NODE_OPTIONS: '--import=data:text/javascript,process.exit(9)' } });
    await expect(runner.run(run(traditional))).rejects.toThrow(/place edge: ended with exit code 9/);
  });
});

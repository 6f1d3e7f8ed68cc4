import { describe, expect, it } from 'vitest';
import type { Clock, InferRequest } from '#kernel';
import { random } from '../stats/rng.ts';
import { runScenario } from './run-scenario.ts';
import { intendedStarts } from './scenario.ts';

const requests: InferRequest[] = [{ inputs: [] }];

/** Time passes when somebody sleeps or is answered; one query at a time, in the order they came. */
function world(takes: (query: number) => number) {
  let now = 0;
  let free = 0;
  let queries = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  const sleepUntil = async (at: number) => await new Promise<void>((wake) => sleepers.push({ at, wake }));
  const clock: Clock = { now: () => new Date(now), elapsed: () => now, sleep: async (ms) => await sleepUntil(now + ms) };
  const infer = async () => {
    free = Math.max(free, now) + takes(queries++);
    await sleepUntil(free);
    return { outputs: [] };
  };
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let done = false;
    void work.finally(() => (done = true)).catch(() => {});
    for (;;) {
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      if (done) return await work;
      const [next] = sleepers.toSorted((a, b) => a.at - b.at);
      if (next === undefined) throw new Error('nobody waits, and it is not done');
      sleepers.splice(sleepers.indexOf(next), 1);
      now = Math.max(now, next.at);
      next.wake();
    }
  };
  return { load: { model: { infer: infer as never }, requests, clock, seed: 1 }, run };
}

describe('a model under load', () => {
  it('is asked one after the other in a single stream', async () => {
    const { load, run } = world(() => 10);
    const { milliseconds, samples } = await run(runScenario({ kind: 'single-stream', seconds: 1 }, load));
    expect(milliseconds).toEqual(Array(100).fill(10));
    expect(samples).toBe(100);
  });

  it('is asked about eight samples at once in a multi-stream, and the last of them counts', async () => {
    const { load, run } = world(() => 10);
    const { milliseconds, samples } = await run(runScenario({ kind: 'multi-stream', seconds: 0.8 }, load));
    expect({ milliseconds, samples }).toEqual({ milliseconds: Array(10).fill(80), samples: 80 });
  });

  it('is late for every frame that comes while it stalls, in a loop that does not wait for it', async () => {
    const stalls = (query: number) => (query === 10 ? 500 : 10);
    const open = world(stalls);
    const camera = await open.run(runScenario({ kind: 'camera', seconds: 2, perSecond: 20 }, open.load));
    const late = camera.milliseconds.filter((time) => time > 100);
    expect(camera.samples).toBe(40);
    expect(late.length).toBeGreaterThan(8);
    const closed = world(stalls);
    const stream = await closed.run(runScenario({ kind: 'single-stream', seconds: 2 }, closed.load));
    expect(stream.milliseconds.filter((time) => time > 100)).toHaveLength(1);
  });

  it('answers as much as it can where all samples are one query', async () => {
    const { load, run } = world(() => 10);
    const { milliseconds, samples, seconds } = await run(runScenario({ kind: 'offline', seconds: 1 }, load));
    expect(milliseconds).toEqual([]);
    expect(samples / seconds).toBeCloseTo(100, 0);
  });
});

describe('an open loop', () => {
  it('means to start frames evenly, and queries of a server by chance', () => {
    expect(intendedStarts({ kind: 'camera', seconds: 1, perSecond: 4 }, random(1))).toEqual([0, 250, 500, 750]);
    const starts = intendedStarts({ kind: 'server', seconds: 100, perSecond: 50 }, random(1));
    expect(Math.abs(starts.length - 5000)).toBeLessThan(4 * Math.sqrt(5000));
    const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
    expect(gaps.filter((gap) => gap > 20).length / gaps.length).toBeCloseTo(Math.exp(-1), 1);
  });
});

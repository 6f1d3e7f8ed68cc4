import { expect, it } from 'vitest';
import type { Clock, InferRequest } from '#kernel';
import type { MachineState, RunningModel } from '#runners';
import { measureLatency, type Told } from './measure-latency.ts';

const requests: InferRequest[] = [{ inputs: [] }];

/** Answers in 20 ms of a clock that goes by nothing else. */
function world(): { clock: Clock; model: RunningModel } {
  let now = 0;
  const nothing = async () => await Promise.resolve();
  const model: RunningModel = {
    metadata: { name: 'm', inputs: [], outputs: [] } as never,
    infer: async () => {
      now += 20;
      return await Promise.resolve({ outputs: [] } as never);
    },
    manner: () => null,
    pause: nothing,
    resume: nothing,
    peakMemory: async () => await Promise.resolve(null),
    stop: nothing,
  };
  return { clock: { now: () => new Date(now), elapsed: () => now, sleep: nothing }, model };
}

it('a pair that the machine disturbed is measured once more, by what the machine says and not by how long answers took', async () => {
  const { clock, model } = world();
  let [read, throttled] = [0, 0];
  const told: Told[] = [];
  // Two readings a block: the first block is disturbed, and the third and its repetition.
  const state = async (): Promise<MachineState> => {
    read += 1;
    if ([2, 8, 10].includes(read)) throttled += 1;
    const energy = { microjoules: read * 1e6, wrapsAt: 1e12 };
    return await Promise.resolve({ at: clock.elapsed(), cpu: null, waited: null, throttled, energy });
  };
  const starts = {
    start: async () => await Promise.resolve({ candidate: { model, requests } }),
    end: async () => await Promise.resolve(),
  };
  const machine = { state, tell: (one: Told) => told.push(one) };
  const blocks = await measureLatency(starts, { starts: 1, seed: 1, clock, machine });
  expect(blocks.map(({ pair }) => pair)).toEqual([0, 1, 2, 3, 4, 5]);
  const why = 'a CPU was slowed down for heat';
  expect(told.filter(({ kind }) => kind !== 'energy')).toEqual([
    { kind: 'measured again', why },
    { kind: 'measured again', why },
    { kind: 'kept', why },
  ]);
  expect(told.filter(({ kind }) => kind === 'energy')).toHaveLength(8);
  expect(told.find(({ kind }) => kind === 'energy')).toMatchObject({ arm: 'candidate', joules: 1 });
});

import { expect, it } from 'vitest';
import { digestOf, releaseOf } from '#kernel';
import type { Chipset, Servable } from '#runners';
import { fakeModelRunner } from '../../testing/fakes/fake-model-runner.ts';
import { slowedRunner } from './slowed-runner.ts';

const chipset: Chipset = {
  name: 'here',
  platform: 'linux/amd64',
  at: { kind: 'local' },
  variant: null,
  requires: { cpu: [] },
  limits: { cpus: 1, memoryBytes: null },
};
const servable = (): Servable => ({
  kind: 'model',
  release: releaseOf({ model: digestOf('m'), runtime: null }),
  folder: '/nowhere',
  runtimeImage: null,
});

it.each([
  [0, 100],
  [0.5, 150],
  [2, 300],
])('a server that is slower by %f takes as much longer for each answer, and no other does', async (by, expected) => {
  let now = 0;
  // A clock on which looking at it takes a thousandth: who waits awake looks often.
  const clock = { elapsed: () => (now += 0.001) };
  const inner = fakeModelRunner(() => ({ classes: 2, score: () => [1, 0], milliseconds: 100 }), { spend: (ms) => (now += ms) });
  const [slow, other] = [servable(), servable()];
  const runner = slowedRunner(inner, slow, by, clock);
  const taken = async (one: Servable) => {
    const running = await runner.start(one, chipset);
    const before = now;
    await running.infer({ inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: [Uint8Array.of(0)] }] });
    return now - before;
  };
  expect(await taken(slow)).toBeCloseTo(expected, 0);
  expect(await taken(other)).toBeCloseTo(100, 0);
});

import { expect, it } from 'vitest';
import type { Servable } from '#runners';
import { fakeModelRunner } from '../../testing/fakes/fake-model-runner.ts';
import { slowedRunner } from './slowed-runner.ts';
import { HERE, nowhere } from '../../testing/fakes/somewhere.ts';

it.each([
  [0, 100],
  [0.5, 150],
  [2, 300],
])('a server that is slower by %f takes as much longer for each answer, and no other does', async (by, expected) => {
  let now = 0;
  // A clock on which looking at it takes a thousandth: who waits awake looks often.
  const clock = { elapsed: () => (now += 0.001) };
  const inner = fakeModelRunner(() => ({ classes: 2, score: () => [1, 0], milliseconds: 100 }), { spend: (ms) => (now += ms) });
  const [slow, other] = [nowhere(), nowhere()];
  const runner = slowedRunner(inner, slow, by, clock);
  const taken = async (one: Servable) => {
    const running = await runner.start(one, HERE);
    const before = now;
    await running.infer({ inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: [Uint8Array.of(0)] }] });
    return now - before;
  };
  expect(await taken(slow)).toBeCloseTo(expected, 0);
  expect(await taken(other)).toBeCloseTo(100, 0);
});

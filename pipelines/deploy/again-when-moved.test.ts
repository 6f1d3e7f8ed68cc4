import { expect, it } from 'vitest';
import { FleetMoved } from '#gitops';
import { againWhenMoved } from './again-when-moved.ts';

/** Work of 50 ms each time. */
function clockOf() {
  const pauses: number[] = [];
  let at = 0;
  return { pauses, elapsed: () => (at += 50), sleep: (milliseconds: number) => Promise.resolve(void pauses.push(milliseconds)) };
}

it('begins again as often as others were faster, and never pauses long', async () => {
  const clock = clockOf();
  let left = 20;
  const answer = await againWhenMoved(clock, () =>
    left-- > 0 ? Promise.reject(new FleetMoved('fleet', 'main')) : Promise.resolve('landed'),
  );
  expect(answer).toBe('landed');
  expect(clock.pauses).toHaveLength(20);
  for (const [index, pause] of clock.pauses.entries()) {
    expect(pause).toBeGreaterThanOrEqual(0);
    expect(pause).toBeLessThan(Math.min(20_000, 50 * 2 ** (index + 1)));
  }
});

it('ends: when it is always beaten, and at once when something else is wrong', async () => {
  const clock = clockOf();
  await expect(againWhenMoved(clock, () => Promise.reject(new FleetMoved('fleet', 'main')))).rejects.toBeInstanceOf(FleetMoved);
  expect(clock.pauses).toHaveLength(59);
  await expect(againWhenMoved(clock, () => Promise.reject(new Error('the disk is full')))).rejects.toThrow('the disk is full');
  expect(clock.pauses).toHaveLength(59);
});

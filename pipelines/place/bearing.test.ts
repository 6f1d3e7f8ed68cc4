import { describe, expect, it } from 'vitest';
import { isWithinATenth, mostThat } from './bearing.ts';

describe('the number of cameras that is borne', () => {
  it.each([
    [0, null],
    [1, 1],
    [7, 7],
    [11, 11],
    [100, 97],
    [10_000, 256],
  ])('of a placement that bears %i is found as %s', async (borne, found) => {
    let tried = 0;
    const most = await mostThat(async (cameras) => (tried += 1) > 0 && cameras <= borne);
    expect(most === null || most <= borne).toBe(true);
    expect(Math.abs((most ?? 0) - Math.min(borne, 256))).toBeLessThanOrEqual(Math.max(0, borne * 0.05));
    expect(found === null ? most : 0).toBe(found === null ? null : 0);
    expect(tried).toBeLessThan(16);
  });
});

describe('a number of cameras that was found in a hurry', () => {
  it.each([
    [20, 20, true],
    [20, 22, true],
    [20, 23, false],
    [20, 18, true],
    [20, 17, false],
    [5, 5, true],
    [5, 4, false],
    [5, 6, false],
  ])('%i, where %i are borne for long, is within a tenth: %s', async (found, borne, agrees) => {
    expect(await isWithinATenth(found, async (cameras) => cameras <= borne)).toBe(agrees);
  });
});

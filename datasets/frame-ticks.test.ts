import { describe, expect, it } from 'vitest';
import { frameTicks } from './frame-ticks.ts';

function choose(timestamps: readonly number[], framesPerSecond: number): number[] {
  const wanted = frameTicks(framesPerSecond);
  return timestamps.filter((timestamp) => wanted(timestamp));
}

const every = (seconds: number, count: number) => Array.from({ length: count }, (_, index) => index * seconds);

describe('the frames that are looked at', () => {
  it('are the first ones at or after each tick', () => {
    expect(choose([0, 0.08, 0.16, 0.24, 0.32, 0.4, 0.48], 5)).toEqual([0, 0.24, 0.4]);
  });

  it('are all of them when the clip has fewer than asked', () => {
    expect(choose(every(0.1, 30), 25)).toHaveLength(30);
  });

  it("are all of them at the clip's own rate, though its timestamps are rounded to milliseconds", () => {
    const rounded = every(1 / 30, 300).map((time) => Math.round(time * 1000) / 1000);
    expect(choose(rounded, 30)).toHaveLength(300);
  });

  it('are never more than asked', () => {
    expect(choose(every(1 / 60, 600), 7)).toHaveLength(70);
  });

  it('are not repeated to fill a gap', () => {
    expect(choose([0, 0.1, 3, 3.1, 3.2], 5)).toEqual([0, 3, 3.2]);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readAhead, WORKING } from './read-ahead.ts';

/** Counts how far it has been drawn and whether it was closed. */
function* source(log: { drawn: number; closed: boolean }, last: number): Generator<number | typeof WORKING> {
  try {
    for (let value = 1; value <= last; value += 1) {
      yield WORKING;
      log.drawn = value;
      yield value;
    }
  } finally {
    log.closed = true;
  }
}

function* busy(): Generator<number | typeof WORKING> {
  for (let step = 0; step < 40; step += 1) {
    const until = performance.now() + 2;
    while (performance.now() < until);
    yield WORKING;
  }
  yield 1;
}

function* failing(): Generator<number> {
  yield 1;
  yield 2;
  throw new Error('torn');
}

describe('reading ahead', () => {
  it('gives every value in order', async () => {
    expect(await Array.fromAsync(readAhead(source({ drawn: 0, closed: false }, 50), 4))).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
  });

  it('works while the consumer is busy, but no further ahead than told', async () => {
    const log = { drawn: 0, closed: false };
    for await (const value of readAhead(source(log, 20), 4)) {
      await sleep(5);
      expect(log.drawn).toBe(Math.min(20, value + 4));
    }
  });

  it('lets other work of the process go on meanwhile', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await Array.fromAsync(readAhead(busy(), 4));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  it('closes its source when the consumer leaves early', async () => {
    const log = { drawn: 0, closed: false };
    for await (const value of readAhead(source(log, 100), 4)) if (value === 3) break;
    expect(log.closed).toBe(true);
    expect(log.drawn).toBeLessThan(10);
  });

  it('gives what was ready before it passes an error on', async () => {
    const seen: number[] = [];
    const reading = (async () => {
      for await (const value of readAhead(failing(), 4)) seen.push(value);
    })();
    await expect(reading).rejects.toThrow('torn');
    expect(seen).toEqual([1, 2]);
  });
});

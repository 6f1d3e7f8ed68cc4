import { describe, expect, it } from 'vitest';
import { Ending } from './ending.ts';

const never = new Promise<never>(() => {});

describe('the end of something', () => {
  it('gives what the work gives, as long as it has not come', async () => {
    const ending = new Ending();
    expect(await ending.unless(Promise.resolve(3))).toBe(3);
    await expect(ending.unless(Promise.reject(new Error('full')))).rejects.toThrow('full');
    expect(ending.over).toBe(false);
  });

  it('is told to all that waits, and to whoever comes later', async () => {
    const ending = new Ending();
    const waiting = [ending.unless(never), ending.unless(never)];
    const pause = ending.pause(1e6);
    ending.end(new Error('closed'));
    for (const each of waiting) await expect(each).rejects.toThrow('closed');
    await pause;
    await expect(ending.unless(Promise.resolve(3))).rejects.toThrow('closed');
    await ending.pause(1e6);
  });

  it('leaves a failure that comes after it alone', async () => {
    const ending = new Ending();
    const work = Promise.withResolvers<never>();
    const waiting = ending.unless(work.promise);
    ending.end(new Error('closed'));
    await expect(waiting).rejects.toThrow('closed');
    work.reject(new Error('late'));
    await expect(work.promise).rejects.toThrow('late');
  });
});

import { describe, expect, it } from 'vitest';
import { inTime } from './deadline.ts';

const forever = () => {
  for (;;);
};

describe('a deadline', () => {
  it('gives what was made in time, and lets through what was thrown', () => {
    expect(inTime('a', () => 7)).toBe(7);
    expect(() =>
      inTime('a', () => {
        throw new TypeError('of its own');
      }),
    ).toThrow(TypeError);
  });

  it.each([
    ['in a loop', forever],
    [
      'in a loop that catches all that is thrown',
      () => {
        for (;;) {
          try {
            forever();
          } catch {
            continue;
          }
        }
      },
    ],
    ['in a regular expression', () => /^(a+)+$/.test(`${'a'.repeat(50)}b`)],
  ])('ends what is lost %s', (_, work) => {
    expect(() => inTime('a.yaml', work, 100)).toThrow('a.yaml: could not be read within 0.1 s');
    expect(inTime('a.yaml', () => 'the next')).toBe('the next');
  });

  it('inside another is the outer one', () => {
    expect(() => inTime('outer', () => inTime('inner', forever, 60_000), 100)).toThrow('outer: could not be read within 0.1 s');
  });
});

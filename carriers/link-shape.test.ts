import { describe, expect, it } from 'vitest';
import type { LinkProfile } from './link.ts';
import { qdiscs } from './link-shape.ts';

const profile: LinkProfile = { name: 'dsl', bandwidth: { up: 2e6, down: 16e6 }, delay: 30, jitter: 5, loss: 0.01, outage: null };

describe('what shapes a direction of a link', () => {
  it.each([
    ['a bucket alone, without netem', 'up', false, ['root tbf rate 2000000bit burst 15140 limit 90140']],
    [
      'a bucket under what delays and loses',
      'down',
      true,
      ['root handle 1: netem limit 10000 delay 30ms 5ms loss 1%', 'parent 1:1 tbf rate 16000000bit burst 20000 limit 620000'],
    ],
  ] as const)('is %s', (_, direction, netem, expected) => {
    expect(qdiscs(profile, direction, netem).map((words) => words.join(' '))).toEqual(expected);
  });

  it('is nothing where the profile asks for nothing', () => {
    expect(qdiscs({ ...profile, bandwidth: null, delay: 0, loss: 0 }, 'up', true)).toEqual([]);
  });
});

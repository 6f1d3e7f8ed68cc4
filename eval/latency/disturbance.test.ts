import { describe, expect, it } from 'vitest';
import type { MachineState } from '#runners';
import { disturbanceBetween, energyBetween } from './disturbance.ts';

const before: MachineState = {
  at: 1000,
  cpu: { all: 10_000, stolen: 100 },
  waited: 5_000_000,
  throttled: 3,
  energy: { microjoules: 9_000_000, wrapsAt: 10_000_000 },
};
/** A tenth of a second later: two cores have counted twenty ticks. */
const after = (more: Partial<MachineState> = {}): MachineState => ({
  ...before,
  at: 1100,
  cpu: { all: 10_020, stolen: 100 },
  ...more,
});

describe('what disturbs a block', () => {
  it.each<[string, MachineState | null, string | null]>([
    ['nothing', after(), null],
    ['a machine that tells nothing', null, null],
    ['one that tells neither steal nor pressure', after({ cpu: null, waited: null, throttled: null }), null],
    [
      'a tick of twenty given to others',
      after({ cpu: { all: 10_020, stolen: 101 } }),
      'the hypervisor gave 5% of the CPU time to others',
    ],
    ['a tick of which too few were counted', after({ cpu: { all: 10_003, stolen: 101 } }), null],
    ['others waiting for 60 of 100 ms', after({ waited: 5_060_000 }), 'programs waited for a CPU in 60% of the time'],
    ['others waiting for 40 of 100 ms', after({ waited: 5_040_000 }), null],
    ['heat', after({ throttled: 4 }), 'a CPU was slowed down for heat'],
  ])('%s', (_, then, expected) => {
    expect(disturbanceBetween(before, then)).toBe(expected);
  });

  it('is told from the machine, and so is energy, past where its counter begins anew', () => {
    expect(energyBetween(before, after({ energy: { microjoules: 9_500_000, wrapsAt: 10_000_000 } }))).toBe(0.5);
    expect(energyBetween(before, after({ energy: { microjoules: 500_000, wrapsAt: 10_000_000 } }))).toBe(1.5);
    expect(energyBetween(before, after({ energy: null }))).toBeNull();
  });
});

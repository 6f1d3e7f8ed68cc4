import { describe, expect, it } from 'vitest';
import { PAIRS_PER_START, type LatencyBlock } from '#eval';
import { blocksOf } from '../../../testing/worlds/latency-blocks.ts';
import { mostStarts, protocolFault, STARTS } from './speed-protocol.ts';

const gates = [{ kind: 'latency', chipset: 'edge', metric: 'latency-p50', margin: 0.2 }] as const;
const MOST_STARTS = mostStarts(gates);
const equal = { candidate: 10, reference: 10, control: 10 };
const whole = STARTS * PAIRS_PER_START;

/** Starts that differ so much that no margin is ever known. */
const wild = (starts: number): LatencyBlock[] =>
  blocksOf(equal, starts * PAIRS_PER_START).map(({ milliseconds, ...block }) => {
    const factor = block.arm === 'reference' ? 1 : 1 + ((block.start * (block.arm === 'control' ? 7 : 11)) % 5);
    return { ...block, milliseconds: milliseconds.map((time) => time * factor) };
  });

const swapped = blocksOf(equal).map((block) => ({ ...block, pair: whole - 1 - block.pair }));

it('a tight margin may take more starts than others, and is told from as many', () => {
  const tight = [{ ...gates[0], margin: 0.03 }];
  expect([mostStarts(gates), mostStarts(tight)]).toEqual([30, 90]);
  expect(protocolFault(wild(90), tight, { first: false })).toBeNull();
  expect(protocolFault(wild(30), tight, { first: false })).toMatch(/ended after 30 starts, and the protocol ends after more/);
});

describe('what a machine says that it measured', () => {
  it.each<[string, readonly LatencyBlock[], string | null]>([
    ['all starts of a quiet machine', blocksOf(equal), null],
    ['all that a noisy machine is asked for', wild(MOST_STARTS), null],
    ['nothing', [], 'its latency is that of 0 pairs, and the protocol has no such length'],
    [
      'one pair too few',
      blocksOf(equal, whole - 1),
      `its latency is that of ${whole - 1} pairs, and the protocol has no such length`,
    ],
    ['one start too few', blocksOf(equal, whole - PAIRS_PER_START), /of 24 pairs, and the protocol has no such length/.source],
    [
      'one start too many for a quiet machine',
      blocksOf(equal, whole + PAIRS_PER_START),
      'its latency ended after 6 starts, and the protocol ends after 5',
    ],
    [
      'one start too few for a noisy one',
      wild(MOST_STARTS - 1),
      'its latency ended after 29 starts, and the protocol ends after more',
    ],
    ['more than anybody is asked for', wild(MOST_STARTS + 1), /of 186 pairs, and the protocol has no such length/.source],
    ['pairs in another order than their starts', swapped, /is not that of whole pairs/.source],
    [
      'an arm without the others',
      blocksOf({ candidate: 10 }),
      'its latency is not that of whole pairs of candidate, control, reference',
    ],
  ])('may be %s, or not', (_, blocks, fault) => {
    const found = protocolFault(blocks, gates, { first: false });
    expect(String(found)).toMatch(fault ?? /^null$/);
  });

  it.each<[string, readonly LatencyBlock[], RegExp | null]>([
    ['the candidate alone', blocksOf({ candidate: 10 }), null],
    ['a reference that there cannot be', blocksOf(equal), /not that of whole pairs of candidate$/],
    ['more starts than are asked for', blocksOf({ candidate: 10 }, whole + PAIRS_PER_START), /of 36 pairs/],
  ])('is of a first release: %s', (_, blocks, fault) => {
    const found = protocolFault(blocks, [], { first: true });
    expect(String(found)).toMatch(fault ?? /^null$/);
  });

  it('ends by each gate: the narrower the margin, the longer', () => {
    const noisy = blocksOf(equal).map(({ milliseconds, ...block }) => {
      const factor = block.arm === 'reference' ? 1 : 1 + ((block.pair * 7) % 5) / 50;
      return { ...block, milliseconds: milliseconds.map((time) => time * factor) };
    });
    const faultAt = (margin: number) => protocolFault(noisy, [{ ...gates[0], margin }], { first: false });
    expect(faultAt(0.2)).toBeNull();
    expect(faultAt(0.01)).toBe('its latency ended after 5 starts, and the protocol ends after more');
  });
});

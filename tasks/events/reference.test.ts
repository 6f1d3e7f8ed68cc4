import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recallAtRate } from './recall-at-rate.ts';
import { fuzzedEvents } from './reference/events.fixture.ts';
import { eventNumbers, type EventNumbers } from './reference/numbers.fixture.ts';

type Reference = EventNumbers & { seed: number };

/** Written by `node bench/events.ts <folder> write`, which asks ActEV_Scorer 0.5.8 (b8d82c0). */
const references = JSON.parse(readFileSync(new URL('reference/actev.json', import.meta.url), 'utf8')) as readonly Reference[];
const listOf = ({ recall, falseAlarms, atRate }: EventNumbers) => [recall, falseAlarms, ...atRate];

describe('events beside their reference implementation', () => {
  it('give the recall, false alarms per hour and recall at a rate of false alarms of ActEV_Scorer, to nine digits', () => {
    expect(references).toHaveLength(100);
    for (const { seed, ...theirs } of references) {
      const ours = listOf(eventNumbers(fuzzedEvents(seed)));
      const apart = listOf(theirs).filter((value, at) => Math.abs((value ?? -1) - (ours[at] ?? -1)) > 1e-9);
      expect({ seed, apart }).toEqual({ seed, apart: [] });
    }
  });

  it('are held against sets that are hard: none true, some found at no false alarm, some between two thresholds', () => {
    const some = (is: (one: Reference) => boolean) => references.filter((one) => is(one)).length;
    expect(some(({ recall }) => recall === null)).toBeGreaterThan(5);
    expect(some(({ recall, atRate: [, ten] }) => recall !== null && (ten ?? 0) > 0 && (ten ?? 0) < recall)).toBeGreaterThan(3);
    expect(some(({ recall, atRate: [, ten] }) => recall !== null && recall > 0 && ten === 0)).toBeGreaterThan(5);
  });
});

describe('recall at a rate of false alarms', () => {
  const truth = [1, 2, 3, 4].map((start) => ({ label: 'person', start, end: start + 1 }));
  const clip = (ranked: readonly (readonly [number, boolean])[], seconds = 3600) => ({
    truth,
    seconds,
    ranked: ranked.map(([peak, right]) => ({ peak, right })),
  });
  const once = Float64Array.of(1);

  it.each<[string, readonly (readonly [number, boolean])[], number]>([
    [
      'at the last threshold that keeps to it',
      [
        [0.9, true],
        [0.8, false],
        [0.7, true],
        [0.6, false],
      ],
      0.5,
    ],
    [
      'nothing, where the surest are false alarms of one score',
      [
        [0.9, false],
        [0.9, false],
        [0.9, true],
      ],
      0,
    ],
    [
      'halfway between two thresholds',
      [
        [0.9, true],
        [0.8, false],
        [0.8, false],
        [0.8, true],
        [0.8, true],
      ],
      0.5,
    ],
    [
      'everything, where there are fewer',
      [
        [0.9, true],
        [0.8, true],
        [0.7, true],
      ],
      0.75,
    ],
  ])('is %s', (_, ranked, expected) => {
    expect(recallAtRate([clip(ranked)], 1).value(once)).toBeCloseTo(expected, 12);
  });

  it('counts a clip as often as it weighs, and is not defined without footage or events', () => {
    const ranked = [
      [0.9, true],
      [0.8, false],
      [0.7, true],
    ] as const;
    const [a, b] = [clip(ranked), clip([[0.85, false]])];
    expect(recallAtRate([a, b], 1).value(Float64Array.of(2, 1))).toBe(recallAtRate([a, a, b], 1).value(Float64Array.of(1, 1, 1)));
    expect(recallAtRate([clip(ranked, 0)], 1).value(once)).toBeNull();
    expect(recallAtRate([{ ...clip(ranked), truth: [] }], 1).value(once)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import type { Forecast } from '#eval';
import { canDecide, renderPlan, sayGate, type PlannedGate } from './plan-view.ts';

const forecast: Forecast = {
  halfWidth: 0.021,
  detectable: 0.024,
  atBest: 0.012,
  halving: { more: 540, unit: 'clips', minutes: 84, mostFrom: 'yard' },
  clusters: 180,
  basis: 'the 6 changes before',
};

const gate = (changes: Partial<PlannedGate> = {}): PlannedGate => ({
  dataset: 'street',
  chipsets: 'edge-box',
  metric: 'event-recall',
  title: 'event-recall',
  unit: 'fraction',
  better: 'more',
  margin: 0.05,
  forecast,
  items: 180,
  medium: 'clips',
  atBest: 0.0165,
  isAsked: true,
  ...changes,
});

describe('what a gate could decide', () => {
  it.each<[string, PlannedGate, boolean | null]>([
    ['is decided by a margin above what it could tell', gate(), true],
    ['is not by one below', gate({ margin: 0.02 }), false],
    ['is not known of a bound', gate({ margin: null }), null],
    ['is not known where nothing was asked', gate({ forecast: null, isAsked: false }), null],
    [
      'is known where nothing was asked, and so few can never tell',
      gate({ forecast: null, isAsked: false, margin: 0.01 }),
      false,
    ],
  ])('%s', (_, planned, decides) => expect(canDecide(planned)).toBe(decides));

  it('is said in words, with what would halve the interval', () => {
    expect(sayGate(gate())).toEqual([
      'event-recall on street (edge-box): can tell a loss of 2.4 points from none; the interval will be about ±2.1 points wide, by the 6 changes before',
      '540 more clips (1.4 h of footage), most from yard, would halve it',
    ]);
  });

  it('is said with the margin that would be decided, where that of the gate is not', () => {
    const [, remedy] = sayGate(gate({ margin: 0.02 }));
    expect(remedy).toBe('2 points, as the gate allows, will mostly stay undecided; a margin of 3 points would be decided');
    const [, never] = sayGate(gate({ margin: 0.01 }));
    expect(never).toMatch(/^insufficient: 1 point can't be decided even where the models agree; a margin of 3 points/);
  });

  it.each<[string, PlannedGate, RegExp]>([
    [
      'where the baseline was not asked',
      gate({ forecast: null, isAsked: false }),
      /180 clips can tell a loss of 1\.7 points at best/,
    ],
    [
      'and is too little ever',
      gate({ forecast: null, isAsked: false, margin: 0.01 }),
      /insufficient for the 1 point allowed: 180/,
    ],
    ['where a count says nothing', gate({ forecast: null, isAsked: false, atBest: null }), /known once the baseline was asked/],
    ['where it is not defined', gate({ forecast: null }), /not defined on what the baseline answered/],
  ])('is said %s', (_, planned, said) => expect(sayGate(planned)[0]).toMatch(said));
});

describe('the plan', () => {
  const render = (seconds: number | null) =>
    renderPlan(
      {
        models: [
          {
            model: 'porch',
            gates: [gate(), gate({ margin: 0.02 })],
            time: { seconds, steps: [{ name: 'street: candidate', seconds }] },
          },
        ],
      },
      { colour: false },
    );

  it('marks what can be decided, and says how long a check takes', () => {
    expect(render(71)).toMatch(
      /^porch\n {2}● event-recall[^]*\n {2}◇ event-recall[^]*\n {2}a check takes about 1\.2 min here: street: candidate 1\.2 min\n$/,
    );
  });

  it('says what was never timed', () => {
    expect(render(null)).toMatch(/how long a check takes is known once it was timed here: street: candidate\n$/);
  });
});

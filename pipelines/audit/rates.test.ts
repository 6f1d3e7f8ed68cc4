import { describe, expect, it } from 'vitest';
import type { AuditedChange, Dose } from '#report';
import { ratesOf, wakesAt } from './rates.ts';

const dose = (target: number, failed: number, passed = 0): Dose => ({ target, loss: target, judged: 10, failed, passed });
const step = (outcome: 'pass' | 'fail' | 'refused', loss: number | null) => ({
  strength: 'all',
  outcome,
  gates: [{ gate: 'a', loss, outcome: 'fail' as const }],
  reason: null,
});

describe('the loss at which a gate wakes up', () => {
  it.each<[string, Dose[], number | null]>([
    ['is the smallest from which on nine of ten fail', [dose(0, 0), dose(1, 1), dose(2, 9), dose(3, 10)], 2],
    ['is no loss that a larger one gets past', [dose(0, 0), dose(1, 9), dose(2, 5), dose(3, 10)], 3],
    ['is none where the largest gets past', [dose(0, 0), dose(1, 10), dose(2, 8)], null],
    ['is never nothing at all', [dose(0, 10), dose(1, 10)], 1],
    ['is none where nothing was judged', [], null],
  ])('%s', (_, doses, expected) => {
    expect(wakesAt(doses)).toBe(expected);
  });
});

describe('the rates of all gates', () => {
  const gates = [
    { doses: [dose(0, 1), dose(1, 0, 2), dose(2, 9)], insufficient: null },
    { doses: [dose(0, 0), dose(1, 1, 1), dose(2, 10)], insufficient: null },
  ];
  const changes: AuditedChange[] = [
    { change: 'a', title: 'A', steps: [step('fail', 5), step('pass', 2), step('fail', 1.9), step('refused', null)], left: null },
  ];

  it('count worlds, and of whole changes those that cost twice a margin or more', () => {
    expect(ratesOf(gates, changes)).toMatchObject({
      falseFails: { count: 1, of: 20 },
      falsePasses: { count: 3, of: 20 },
      caught: { count: 19, of: 20 },
      changesCaught: { count: 1, of: 2 },
    });
  });

  it('ask no gate for twice its margin whose data cannot tell it', () => {
    const [first, second] = gates as [(typeof gates)[number], (typeof gates)[number]];
    const asked = ratesOf([{ ...first, insufficient: 'too few clips' }, second], []);
    expect(asked).toMatchObject({ falseFails: { of: 20 }, falsePasses: { of: 20 }, caught: { count: 10, of: 10 } });
    expect(ratesOf([{ ...first, insufficient: 'too few clips' }], []).caught).toBeNull();
  });

  it('are unknown where nothing was judged', () => {
    expect(ratesOf([], [])).toEqual({ falseFails: null, falsePasses: null, caught: null, changesCaught: null });
  });
});

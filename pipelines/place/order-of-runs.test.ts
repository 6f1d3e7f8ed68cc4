import { describe, expect, it } from 'vitest';
import { orderOfRuns, type RunValues } from './order-of-runs.ts';

const placement = (name: string, low: number, high: number) => ({
  placement: name,
  measures: [
    {
      name: 'uplink',
      title: 'uplink of a site',
      unit: 'bit/s' as const,
      better: 'less' as const,
      value: (low + high) / 2,
      interval: { low, high },
      method: 'bootstrap',
    },
  ],
});
const run = (hybrid: number | null, edge: number | null): RunValues[] => [
  { placement: 'hybrid', values: { uplink: hybrid } },
  { placement: 'edge', values: { uplink: edge } },
];
const apart = [placement('hybrid', 20, 30), placement('edge', 5, 10)];

describe('the order of placements over runs', () => {
  it('is the same where each run has it so, whichever is named first', () => {
    expect(orderOfRuns(apart, [run(25, 7), run(11, 10)])).toEqual({ runs: 2, apart: 1, otherwise: [] });
    expect(orderOfRuns(apart.toReversed(), [run(25, 7)]).otherwise).toEqual([]);
  });

  it('names the runs that have it otherwise', () => {
    expect(orderOfRuns(apart, [run(25, 7), run(6, 9), run(8, 8)]).otherwise).toEqual([
      { measure: 'uplink of a site', low: 'edge', high: 'hybrid', inRuns: [2, 3] },
    ]);
  });

  it('says nothing where intervals overlap, or a run measured nothing', () => {
    const near = [placement('hybrid', 9, 30), placement('edge', 5, 10)];
    expect(orderOfRuns(near, [run(6, 9)])).toEqual({ runs: 1, apart: 0, otherwise: [] });
    expect(orderOfRuns(apart, [run(null, 9)])).toEqual({ runs: 1, apart: 1, otherwise: [] });
  });
});

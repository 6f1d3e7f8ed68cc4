import { describe, expect, it } from 'vitest';
import type { PlaceMeasure } from '#report';
import { orderOfRuns } from './order-of-runs.ts';

const measureOf = (interval: PlaceMeasure['interval']): PlaceMeasure => ({
  name: 'uplink',
  title: 'uplink of a site',
  unit: 'bit/s',
  better: 'less',
  value: interval === null ? null : (interval.low + interval.high) / 2,
  interval,
  method: 'bootstrap',
});
type Bounds = readonly [low: number, high: number] | null;
const run = (hybrid: Bounds, edge: Bounds) =>
  Object.entries({ hybrid, edge }).map(([placement, bounds]) => ({
    placement,
    measures: [measureOf(bounds === null ? null : { low: bounds[0], high: bounds[1] })],
  }));

describe('the order of placements over runs', () => {
  it('is the same where no run has two clearly the other way round', () => {
    const runs = [run([20, 30], [5, 10]), run([9, 30], [5, 10]), run([22, 31], [6, 9])];
    expect(orderOfRuns(runs)).toEqual({ runs: 3, apart: 1, otherwise: [] });
  });

  it('names the runs that have them so, against most of the others', () => {
    const runs = [run([20, 30], [5, 10]), run([5, 6], [7, 9]), run([22, 31], [6, 9])];
    expect(orderOfRuns(runs).otherwise).toEqual([{ measure: 'uplink of a site', low: 'edge', high: 'hybrid', inRuns: [2] }]);
  });

  it('says nothing where all overlap, or nothing has an interval', () => {
    expect(orderOfRuns([run([9, 30], [5, 10]), run([1, 30], [5, 10])])).toEqual({ runs: 2, apart: 0, otherwise: [] });
    expect(orderOfRuns([run(null, [5, 10])])).toEqual({ runs: 1, apart: 0, otherwise: [] });
  });
});

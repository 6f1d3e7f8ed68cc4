import { describe, expect, it } from 'vitest';
import { estimatePooled, FEWEST_SUPPORT, type Pooled } from './pooled.ts';
import { pairAuroc } from '../../tasks/verification/pair-auroc.ts';
import type { Interval } from '../gate.ts';
import { random } from './rng.ts';
import { simulatePairs, withoutIdentities } from './simulated-pairs.fixture.ts';
import { areaOf, simulateAreas, type AreaWorld } from './simulated.fixture.ts';

const world = (clusters: number, apart: AreaWorld['apart']): AreaWorld => ({
  clusters,
  size: 1,
  together: 0,
  positive: 0.7,
  apart,
});

describe('the interval of a function of all trials', () => {
  it('holds the true difference of two areas as often as it says (90%)', () => {
    const [next, worlds] = [random(7), 150];
    const apart = { candidate: 1, reference: 1.4 };
    const truth = areaOf(apart.candidate) - areaOf(apart.reference);
    let held = 0;
    for (let seed = 0; seed < worlds; seed += 1) {
      const { interval } = estimatePooled(simulateAreas(world(160, apart), next), seed);
      if (interval !== null && interval.low <= truth && truth <= interval.high) held += 1;
    }
    // Three standard errors below 90%; the whole table is that of bench/statistics-coverage.ts.
    expect(held / worlds).toBeGreaterThan(0.9 - 3 * Math.sqrt((0.9 * 0.1) / worlds));
    expect(held / worlds).toBeLessThanOrEqual(1);
  });

  it('holds the true difference where each trial depends on two clusters, and would not if it stood for itself', () => {
    const [next, worlds] = [random(5), 100];
    const apart = { candidate: 1.5, reference: 1.8 };
    const truth = areaOf(apart.candidate) - areaOf(apart.reference);
    const held = { together: 0, apart: 0 };
    const holds = ({ interval }: { interval: Interval | null }) =>
      Number(interval !== null && interval.low <= truth && truth <= interval.high);
    for (let seed = 0; seed < worlds; seed += 1) {
      const pairs = simulatePairs({ identities: 50, same: 4, different: 8, together: 0.5, apart }, pairAuroc, next);
      held.together += holds(estimatePooled(pairs, seed));
      held.apart += holds(estimatePooled(withoutIdentities(pairs), seed));
    }
    expect(held.together / worlds).toBeGreaterThan(0.9 - 3 * Math.sqrt((0.9 * 0.1) / worlds));
    expect(held.apart / worlds).toBeLessThan(0.9 - 3 * Math.sqrt((0.9 * 0.1) / worlds));
  });

  it('keeps clusters together: trials that are all the same add nothing', () => {
    const single = simulateAreas(world(120, { candidate: 1, reference: 1.2 }), random(3));
    const width = ({ interval }: ReturnType<typeof estimatePooled>) =>
      interval === null ? Number.NaN : interval.high - interval.low;
    // The same cases four times over, each with its copies in one cluster.
    const folded = (weights: Float64Array) => {
      const own = new Float64Array(120);
      for (const [index, weight] of weights.entries()) own[index % 120] = (own[index % 120] ?? 0) + weight;
      return single.statistic(own);
    };
    const clusters = Array.from({ length: 120 }, (_, index) => [0, 1, 2, 3].map((copy) => index + copy * 120));
    const copied = estimatePooled({ ...single, statistic: folded, clusters }, 1);
    expect(width(copied)).toBeCloseTo(width(estimatePooled(single, 1)), 2);
  });

  it.each([
    ['few clusters', { clusters: Array.from({ length: 10 }, (_, index) => [index]) }, /^it takes 20 clusters, and there are 10$/],
    [
      'few of one kind',
      { support: FEWEST_SUPPORT - 1 },
      /^it takes 30 each of positive and negative cases, and of the rarer there are 29$/,
    ],
  ])('says nothing of %s', (_, change, method) => {
    const pooled = { ...simulateAreas(world(120, { candidate: 1, reference: 1 }), random(1)), ...change };
    expect(estimatePooled(pooled, 1)).toMatchObject({ interval: null, expected: null, method: expect.stringMatching(method) });
  });

  it('leaves room for what was not seen, where every draw is alike', () => {
    const pooled: Pooled = {
      ...simulateAreas(world(120, { candidate: 1, reference: 1 }), random(1)),
      statistic: () => 0,
      support: 36,
    };
    const { interval } = estimatePooled(pooled, 1);
    expect(interval?.low).toBeCloseTo(-(1 - 0.05 ** (1 / 36)), 12);
    expect(interval?.high).toBeCloseTo(1 - 0.05 ** (1 / 36), 12);
  });
});

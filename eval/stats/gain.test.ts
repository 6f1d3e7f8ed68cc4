import { describe, expect, it } from 'vitest';
import { decide } from '../decide.ts';
import { estimateGain, type Changes } from './gain.ts';
import type { PairedClusters } from './paired-clusters.ts';
import { random } from './rng.ts';
import { simulateRates, simulateRecall, type RecallWorld } from './simulated.fixture.ts';

const bounded: Changes = { kind: 'bounded', range: 1 };

/** So many clusters of so many events, of which the first few clusters lost and the next few gained so many each. */
function clusters(count: number, events: number, lost: readonly number[] = [], gained: readonly number[] = []): PairedClusters {
  return {
    weights: new Float64Array(count).fill(events),
    lost: Float64Array.from({ length: count }, (_, index) => lost[index] ?? 0),
    gained: Float64Array.from({ length: count }, (_, index) => gained[index - lost.length] ?? 0),
  };
}

function gainOf(paired: PairedClusters, changes: Changes = bounded) {
  const estimate = estimateGain(paired, changes);
  if (estimate === null || estimate.interval === null) throw new Error('no interval');
  return { ...estimate, interval: estimate.interval };
}

const width = (paired: PairedClusters) => {
  const { low, high } = gainOf(paired).interval;
  return high - low;
};

describe('the interval of a gain', () => {
  it("is Tango's own where each cluster is one sample, and enough of them differ", () => {
    const [lost, gained] = [Array.from({ length: 15 }, () => 1), Array.from({ length: 12 }, () => 1)];
    const estimate = gainOf(clusters(200, 1, lost, gained));
    expect(estimate.method).toBe('Tango 1998 score');
    expect(estimate.interval).toEqual({ low: expect.closeTo(-0.059565, 5), high: expect.closeTo(0.028797, 5) });
  });

  // Limits of either share by statsmodels 0.15.0 (proportion_confint, method beta), combined by MOVER in Python.
  it.each([
    [0, 1, 44, -0.103335, 0.046533],
    [2, 3, 60, -0.095745, 0.060299],
  ])('is that of exact limits where few differ: %d gained, %d lost of %d', (gained, lost, n, low, high) => {
    const ones = (count: number) => Array.from({ length: count }, () => 1);
    const estimate = gainOf(clusters(n, 1, ones(lost), ones(gained)));
    expect(estimate.method).toBe('Clopper-Pearson limits of won and lost by MOVER (Zou and Donner 2008)');
    expect(estimate.interval).toEqual({ low: expect.closeTo(low, 6), high: expect.closeTo(high, 6) });
  });

  it('has the width of as many trials as there are clusters, when models agreed in all of them', () => {
    const estimate = gainOf(clusters(60, 5));
    expect(estimate.method).toBe('Tango 1998 score on effective clusters, exact limits where few differ');
    expect(estimate.interval.low).toBeCloseTo(0.05 ** (1 / 60) - 1, 9);
  });

  it('is that of pairs where clusters of one size were won or lost whole', () => {
    const [lost, gained] = [[1, 1, 1], [1]];
    const five = (ones: readonly number[]) => ones.map(() => 5);
    expect(gainOf(clusters(80, 5, five(lost), five(gained))).interval.low).toBeCloseTo(
      gainOf(clusters(80, 1, lost, gained)).interval.low,
      9,
    );
  });

  it('shows no less of a loss where single events change than where none does: a scene may be lost all the same', () => {
    const ones = Array.from({ length: 30 }, () => 1);
    expect(gainOf(clusters(60, 40, ones, ones)).interval.low).toBeLessThanOrEqual(gainOf(clusters(60, 40)).interval.low);
    expect(gainOf(clusters(60, 40, [], [...ones, ...ones])).interval.low).toBeGreaterThan(gainOf(clusters(60, 40)).interval.low);
  });

  it('is hardly wider for single events that change one way in some clusters and the other way in others', () => {
    const ones = Array.from({ length: 30 }, () => 1);
    expect(width(clusters(60, 40, ones, ones))).toBeLessThan(1.1 * width(clusters(60, 40)));
  });

  it('counts unequal clusters as fewer', () => {
    const equal = clusters(60, 5);
    const unequal = { ...equal, weights: equal.weights.map((_, index) => (index < 6 ? 41 : 1)) };
    expect(width(unequal)).toBeGreaterThan(2 * width(equal));
  });

  it('is narrower the more independent the losses were seen to be', () => {
    const together = clusters(60, 5, [5, 5]);
    const apart = clusters(60, 5, [1, 1, 1, 1, 1, 1, 1], [0]);
    expect(gainOf(apart).value).toBeLessThan(-0.02);
    expect(width(apart)).toBeLessThan(width(together));
  });

  it('says that clusters are few, and is wider for it', () => {
    const few = gainOf(clusters(12, 5, [1, 1]));
    expect(few.method).toBe(
      't on 12 cluster means, no narrower than Tango 1998 score on effective clusters, exact limits where few differ',
    );
    expect(few.interval.low).toBeLessThan(-2.7055 / (12 + 2.7055));
  });

  it('is unknown of one cluster, and there is no estimate of none', () => {
    expect(estimateGain(clusters(1, 5, [1]), bounded)?.interval).toBeNull();
    expect(estimateGain(clusters(0, 5), bounded)).toBeNull();
  });

  it('of counts is the rule of three when nothing was lost, and of six when alarms come in pairs', () => {
    const hours = clusters(60, 0.1);
    expect(gainOf(hours, { kind: 'count', burst: { size: 1, counted: 10 } }).interval.low).toBeCloseTo(-2.99573227355 / 6, 9);
    expect(gainOf(hours, { kind: 'count', burst: { size: 2, counted: 10 } }).interval.low).toBeCloseTo(
      (-2 * 2.99573227355) / 6,
      9,
    );
  });

  it('scales with the range of what can change', () => {
    const seconds = gainOf(clusters(60, 5), { kind: 'bounded', range: 10 });
    expect(seconds.interval.low).toBeCloseTo(10 * gainOf(clusters(60, 5)).interval.low, 9);
  });
});

describe('how often gates err, where the truth is known', () => {
  const REPLICATES = 400;
  const rates = (world: () => [PairedClusters, Changes], margin: number) => {
    const counts = { pass: 0, fail: 0, inconclusive: 0 };
    for (let seed = 0; seed < REPLICATES; seed += 1) {
      const [paired, changes] = world();
      counts[decide(estimateGain(paired, changes)?.interval ?? null, margin)] += 1;
    }
    return { pass: counts.pass / REPLICATES, fail: counts.fail / REPLICATES };
  };
  const recallRates = (world: RecallWorld, margin: number) => {
    const next = random(world.clusters);
    return rates(() => [simulateRecall(world, next), bounded], margin);
  };
  /** Of 400 replicates at a true 6%, fewer than 1 in 100 runs show more than 9.1% (binomial). */
  const ALLOWED = 0.091;

  it.each<[string, RecallWorld, number]>([
    ['12 clusters', { clusters: 12, gain: -0.1, churn: 0.1, together: 1, mostEvents: 3 }, 0.1],
    ['30 clusters', { clusters: 30, gain: -0.1, churn: 0.05, together: 0.5, mostEvents: 3 }, 0.1],
    ['60 clusters that hardly differ', { clusters: 60, gain: -0.05, churn: 0, together: 1, mostEvents: 3 }, 0.05],
    ['200 clusters that hardly differ', { clusters: 200, gain: -0.02, churn: 0, together: 0, mostEvents: 1 }, 0.02],
    ['200 clusters', { clusters: 200, gain: -0.05, churn: 0.05, together: 0.5, mostEvents: 5 }, 0.05],
  ])('recall that lost just the margin passes in 6 of 100 at most: %s', (_, world, margin) => {
    expect(recallRates(world, margin).pass).toBeLessThanOrEqual(ALLOWED);
  });

  it('false alarms that rose by just the margin pass in 6 of 100 at most', () => {
    const next = random(2);
    const world = { clusters: 200, gain: -0.5, base: 0.5, burst: 1 };
    const { pass } = rates(() => {
      const { clusters: paired, changes } = simulateRates(world, next);
      return [paired, changes];
    }, 0.5);
    expect(pass).toBeLessThanOrEqual(ALLOWED);
  });

  it('a model that is no worse does not fail, and mostly passes where data suffice', () => {
    const { pass, fail } = recallRates({ clusters: 200, gain: 0, churn: 0.02, together: 0, mostEvents: 3 }, 0.05);
    expect(fail).toBe(0);
    expect(pass).toBeGreaterThan(0.95);
  });
});

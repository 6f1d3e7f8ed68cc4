import { describe, expect, it } from 'vitest';
import { random } from '../stats/rng.ts';
import { simulateLatency, untilPrecise, type Machine } from '../stats/simulated.fixture.ts';
import { estimateRatio } from './estimate-ratio.ts';
import { judgeBudget } from './judge-budget.ts';
import { isPrecise } from './is-precise.ts';
import { judgeLatency } from './judge-latency.ts';
import { boundPercentile, percentilesOf } from './percentiles.ts';
import { planStarts, requestsPerBlock } from './plan-blocks.ts';
import { findWarmUp } from './warm-up.ts';

const quiet: Machine = {
  starts: 8,
  requests: 10,
  drift: 0.03,
  processNoise: 0.016,
  blockNoise: 0.02,
  requestNoise: 0.1,
  stalls: 0.01,
};
const noisy: Machine = { ...quiet, blockNoise: 0.2 };
const gate = { kind: 'latency', chipset: '*', metric: 'latency-p50', margin: 0.1 } as const;

const judge = (machine: Machine, slower: number, seed: number, remeasured = false) =>
  judgeLatency({
    gate,
    chipset: 'edge',
    against: 'baseline',
    blocks: simulateLatency(machine, slower, seed, random(seed)),
    remeasured,
  });

describe('the order of blocks', () => {
  it('gives each arm each place equally often in every start', () => {
    for (const pairs of planStarts(1, 5)) {
      for (const place of [0, 1, 2]) {
        const counts = Map.groupBy(pairs, ({ order }) => order[place]);
        expect([...counts.values()].map((blocks) => blocks.length)).toEqual([2, 2, 2]);
      }
    }
  });

  it('is drawn by the seed, and numbers pairs on from start to start', () => {
    expect(planStarts(1, 2)).toEqual(planStarts(1, 2));
    expect(planStarts(1, 2)).not.toEqual(planStarts(2, 2));
    expect(planStarts(1, 2).map((pairs) => pairs.map(({ pair }) => pair))).toEqual([
      [0, 1, 2, 3, 4, 5],
      [6, 7, 8, 9, 10, 11],
    ]);
  });

  it('has blocks of 50 ms and 5 requests at least', () => {
    expect([0.5, 5, 20, 400].map((milliseconds) => requestsPerBlock(milliseconds))).toEqual([100, 10, 5, 5]);
  });
});

describe('a ratio of latencies', () => {
  it('survives a machine that doubles its times half-way', () => {
    const blocks = simulateLatency(quiet, 1.2, 1, random(1)).map((block) => ({
      ...block,
      milliseconds: block.milliseconds.map((time) => (block.pair < 20 ? time : 2 * time)),
    }));
    const { value, interval, clusters, n } = estimateRatio(blocks, 'candidate', 'latency-p50');
    expect(value).toBeCloseTo(1.2, 1);
    expect(interval?.low).toBeGreaterThan(1.15);
    expect({ clusters, n }).toEqual({ clusters: 8, n: 480 });
  });

  it('of a high percentile pools pairs of a start until it can be told', () => {
    const blocks = simulateLatency({ ...quiet, stalls: 0 }, 1.5, 2, random(2));
    const p95 = estimateRatio(blocks, 'candidate', 'latency-p95');
    expect(p95.clusters).toBe(8);
    expect(p95.value).toBeCloseTo(1.5, 0.5);
  });

  it('of a percentile is absent where requests are too few for it', () => {
    const blocks = simulateLatency({ ...quiet, starts: 2 }, 1, 3, random(3));
    expect(estimateRatio(blocks, 'candidate', 'latency-p95')).toMatchObject({ value: null, method: 'no p95: n = 120 < 130' });
  });

  it('leaves 1 out of its interval about as often as it should, when both are the same', () => {
    const out = Array.from({ length: 300 }, (_, seed) => {
      const { interval } = estimateRatio(simulateLatency(quiet, 1, seed, random(seed)), 'candidate', 'latency-p50');
      return interval === null || interval.low > 1 || interval.high < 1;
    }).filter(Boolean).length;
    expect(out).toBeGreaterThan(300 * 0.04);
    expect(out).toBeLessThan(300 * 0.15);
  });
});

describe('enough blocks', () => {
  const precise = (machine: Machine, starts: number, slower = 1) =>
    isPrecise(simulateLatency({ ...machine, starts }, slower, 1, random(1)), [gate]);

  it('are those that tell candidate and control to a third of the margin, whichever way they point', () => {
    expect(precise(quiet, 10)).toBe(true);
    expect(precise(quiet, 10, 2)).toBe(true);
    expect(precise({ ...quiet, blockNoise: 0.08 }, 5)).toBe(false);
    expect(precise({ ...quiet, blockNoise: 0.08 }, 30)).toBe(true);
    expect(precise(quiet, 1)).toBe(false);
  });
});

describe('a latency gate', () => {
  it('passes a model against itself on a quiet machine, and never fails it on any', () => {
    const quietly = Array.from({ length: 100 }, (_, seed) => {
      const blocks = untilPrecise(simulateLatency({ ...quiet, starts: 30 }, 1, seed, random(seed)), gate, 5);
      return judgeLatency({ gate, chipset: 'edge', against: 'baseline', blocks, remeasured: false }).finding.outcome;
    });
    const noisily = Array.from({ length: 100 }, (_, seed) => judge(noisy, 1, seed).finding.outcome);
    expect(quietly.filter((outcome) => outcome === 'pass').length).toBeGreaterThan(95);
    expect([...quietly, ...noisily]).not.toContain('fail');
    // Eight starts may look alike by chance, as a 90% interval may be wrong.
    expect(noisily.filter((outcome) => outcome === 'pass').length).toBeLessThan(5);
  });

  it('fails what is slower by more than the margin', () => {
    const { finding, measureAgain } = judge(quiet, 1.3, 1);
    expect(finding).toMatchObject({ outcome: 'fail', unit: 'ratio', margin: Math.log1p(0.1), remedy: null });
    expect(finding.reason).toMatch(/^the median answer time rose by \d+(\.\d)?%, clearly more than the 10% allowed$/);
    expect(finding.gain.value).toBeCloseTo(-Math.log(1.3), 1);
    expect(measureAgain).toBe(false);
  });

  it('asks once for another measurement when the machine is too noisy to tell two copies alike', () => {
    const { finding, measureAgain } = judge(noisy, 1, 1);
    expect(finding.reason).toMatch(
      /^the machine was too noisy to measure speed: two copies of the deployed model can be told alike to ±/,
    );
    expect(finding.remedy).toBe('measure again while nothing else runs on this machine');
    expect(measureAgain).toBe(true);
    expect(judge(noisy, 1, 1, true).measureAgain).toBe(false);
  });

  it('does not pass on a machine that favours one of two copies', () => {
    const blocks = simulateLatency(quiet, 1, 1, random(1)).map((block) =>
      block.arm === 'control' ? { ...block, milliseconds: block.milliseconds.map((time) => time * 1.06) } : block,
    );
    const { finding } = judgeLatency({ gate, chipset: 'edge', against: 'baseline', blocks, remeasured: false });
    expect(finding).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(/of two copies of the deployed model it favoured one/),
    });
  });

  it('still fails what is three times slower on a noisy machine', () => {
    expect(judge(noisy, 3, 1).finding.outcome).toBe('fail');
  });

  it('says how many more starts would decide', () => {
    const { finding } = judge(quiet, 1.09, 1);
    expect(finding).toMatchObject({
      outcome: 'inconclusive',
      remedy: expect.stringMatching(/^about \d+ more starts would/),
    });
  });
});

describe('warm-up', () => {
  const noise = random(1);
  const steady = (count: number, level: number) => Array.from({ length: count }, () => level * (1 + 0.05 * noise()));

  it('ends at the last change of level', () => {
    expect(findWarmUp([...steady(20, 30), ...steady(20, 15), ...steady(100, 10)])).toEqual({ from: 40, steady: true });
  });

  it('is nothing where times are steady, whatever single requests do', () => {
    const times = steady(100, 10).map((time, index) => (index % 30 === 0 ? 50 * time : time));
    expect(findWarmUp(times)).toEqual({ from: 0, steady: true });
  });

  it('has not ended when times still change in the latter half', () => {
    expect(findWarmUp([...steady(80, 30), ...steady(40, 10)])).toMatchObject({ steady: false });
  });

  it('of too few requests is nobody knows what, so none are dropped', () => {
    expect(findWarmUp([9, 1, 1, 1])).toEqual({ from: 0, steady: true });
    expect(findWarmUp([])).toEqual({ from: 0, steady: true });
  });
});

const ranks = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

describe('a percentile', () => {
  // Order statistics from scipy.stats.binom 1.17.1: the smallest k with cdf(k - 1) >= .95, the largest with cdf(k - 1) <= .05.
  it.each([
    [100, 0.95, 91, 99],
    [59, 0.95, 53, 59],
    [300, 0.5, 136, 165],
    [64, 0.9, 53, 62],
  ])('of %d requests at %d lies between two order statistics', (n, share, low, high) => {
    expect(boundPercentile(ranks(n), share)).toEqual({ low, high });
  });

  it('has no upper bound among too few requests', () => expect(boundPercentile(ranks(58), 0.95)).toBeNull());

  it('is told of as many requests as MLPerf asks for, and not of one less', () => {
    expect(percentilesOf(ranks(63))).toMatchObject({ 'latency-p50': 32, 'latency-p90': null });
    expect(percentilesOf(ranks(64))['latency-p90']).toBeCloseTo(57.7, 9);
    expect([129, 130, 661, 662].map((n) => percentilesOf(ranks(n))['latency-p99'] === null)).toEqual([true, true, true, false]);
    expect([129, 130].map((n) => percentilesOf(ranks(n))['latency-p95'] === null)).toEqual([true, false]);
  });
});

describe('a latency budget', () => {
  const milliseconds = Array.from({ length: 200 }, (_, index) => 10 + index / 100);
  const question = { metric: 'latency-p95', chipset: 'edge', milliseconds, keyMatches: true } as const;

  it.each([
    [12.5, 'pass'],
    [11.9, 'inconclusive'],
    [11, 'fail'],
  ])('of %d ms is a %s for a p95 of 11.9', (budget, outcome) => {
    expect(judgeBudget({ ...question, budget })).toMatchObject({
      outcome,
      role: 'decides',
      unit: 'milliseconds',
      reference: budget,
    });
  });

  it('decides nothing on a host that is not the enrolled one', () => {
    const finding = judgeBudget({ ...question, budget: 11, keyMatches: false });
    expect(finding).toMatchObject({
      outcome: 'inconclusive',
      role: 'watches',
      remedy: 'measure on the host of edge, or enrol this one',
    });
  });

  it('stays open while requests are too few', () => {
    const finding = judgeBudget({ ...question, budget: 11, milliseconds: milliseconds.slice(0, 100) });
    expect(finding).toMatchObject({ outcome: 'inconclusive', candidate: null, remedy: 'measure 130 requests or more' });
  });
});

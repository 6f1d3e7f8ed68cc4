import { describe, expect, it } from 'vitest';
import { areaUnderRoc } from '../../tasks/classification/auroc.ts';
import { normalCdf } from './distributions.ts';
import { estimatePooled, FEWEST_SUPPORT, type Pooled } from './pooled.ts';
import { random, type Random } from './rng.ts';

const normal = (next: Random) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** Two tests of the same cases, whose scores share a part: each positive case scores so much higher on average. */
function twoTests(count: number, apart: { candidate: number; reference: number }, next: Random): Pooled {
  const cases = Array.from({ length: count }, () => {
    const [positive, shared] = [next() < 0.7, normal(next)];
    const score = (shift: number) => (positive ? shift : 0) + Math.SQRT1_2 * (shared + normal(next));
    return { positive, candidate: score(apart.candidate), reference: score(apart.reference) };
  });
  const [candidate, reference] = (['candidate', 'reference'] as const).map((who) =>
    areaUnderRoc(cases.map((one) => ({ score: one[who], positive: one.positive }))),
  );
  return {
    statistic: (weights) => (candidate?.value(weights) ?? Number.NaN) - (reference?.value(weights) ?? Number.NaN),
    clusters: cases.map((_, index) => [index]),
    support: candidate?.support ?? 0,
    counted: 'right and wrong answers',
  };
}

/** Of two normal distributions that lie so far apart. */
const areaOf = (apart: number) => normalCdf(apart / Math.SQRT2);

describe('the interval of a function of all trials', () => {
  it('holds the true difference of two areas as often as it says (90%)', () => {
    const [next, worlds] = [random(7), 150];
    const apart = { candidate: 1, reference: 1.4 };
    const truth = areaOf(apart.candidate) - areaOf(apart.reference);
    let held = 0;
    for (let world = 0; world < worlds; world += 1) {
      const { interval } = estimatePooled(twoTests(160, apart, next), world);
      if (interval !== null && interval.low <= truth && truth <= interval.high) held += 1;
    }
    // Three standard errors below 90%; the whole table is that of bench/statistics-coverage.ts.
    expect(held / worlds).toBeGreaterThan(0.9 - 3 * Math.sqrt((0.9 * 0.1) / worlds));
    expect(held / worlds).toBeLessThanOrEqual(1);
  }, 120_000);

  it('keeps clusters together: trials that are all the same add nothing', () => {
    const single = twoTests(120, { candidate: 1, reference: 1.2 }, random(3));
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
      /^it takes 30 each of right and wrong answers, and of the rarer there are 29$/,
    ],
  ])('says nothing of %s', (_, change, method) => {
    const pooled = { ...twoTests(120, { candidate: 1, reference: 1 }, random(1)), ...change };
    expect(estimatePooled(pooled, 1)).toMatchObject({ interval: null, expected: null, method: expect.stringMatching(method) });
  });

  it('leaves room for what was not seen, where every draw is alike', () => {
    const pooled: Pooled = { ...twoTests(120, { candidate: 1, reference: 1 }, random(1)), statistic: () => 0, support: 36 };
    const { interval } = estimatePooled(pooled, 1);
    expect(interval?.low).toBeCloseTo(-(1 - 0.05 ** (1 / 36)), 12);
    expect(interval?.high).toBeCloseTo(1 - 0.05 ** (1 / 36), 12);
  });
});

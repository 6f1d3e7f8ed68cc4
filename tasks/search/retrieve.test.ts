import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scikitLearn } from '../scikit-learn.fixture.ts';
import { brokenTiers, retrieve, type Tier } from './retrieve.ts';

function tiersOf(scores: readonly number[], relevant: readonly boolean[]): Tier[] {
  const groups = Map.groupBy(scores.keys(), (index) => scores[index] ?? 0);
  return [...groups]
    .toSorted(([a], [b]) => b - a)
    .map(([, members]) => ({ all: members.length, relevant: members.filter((index) => relevant[index]).length }));
}

describe('a query with ties', () => {
  it.each(scikitLearn.search.map((reference, index) => [index, reference] as const))(
    'is worth what scikit-learn says: list %d',
    (_, { relevant, score, averagePrecision, ndcg }) => {
      const flags = Array.from(relevant, (flag) => flag === '1');
      const found = retrieve(tiersOf(score, flags), flags.filter(Boolean).length);
      expect(found.averagePrecision).toBeCloseTo(averagePrecision ?? found.averagePrecision, 12);
      expect(found.ndcg).toBeCloseTo(ndcg, 12);
    },
  );

  it.each<[string, readonly Tier[], number | null]>([
    ['at once', [{ all: 1, relevant: 1 }], 1],
    [
      'behind others',
      [
        { all: 3, relevant: 0 },
        { all: 1, relevant: 1 },
      ],
      4,
    ],
    ['among equals, the last of them that is certain', [{ all: 4, relevant: 2 }], 3],
    ['never, where it is not retrieved', [{ all: 4, relevant: 0 }], null],
  ])('finds the first %s', (_, tiers, first) => {
    expect(retrieve(tiers, 2).first).toBe(first);
  });

  it('is worth the mean over all orders of its equals', () => {
    const orders = (flags: readonly number[]): number[][] =>
      flags.length < 2
        ? [[...flags]]
        : flags.flatMap((flag, at) => orders(flags.toSpliced(at, 1)).map((rest) => [flag, ...rest]));
    const before: Tier[] = [{ all: 2, relevant: 1 }].flatMap((tier) => brokenTiers([tier], 'against'));
    const each = orders([1, 1, 0, 0, 0]).map((order) =>
      retrieve([...before, ...order.map((flag) => ({ all: 1, relevant: flag }))], 4),
    );
    const mean = (of: (one: (typeof each)[number]) => number) => each.reduce((sum, one) => sum + of(one), 0) / each.length;
    const tied = retrieve([...before, { all: 5, relevant: 2 }], 4);
    expect(tied.averagePrecision).toBeCloseTo(
      mean(({ averagePrecision }) => averagePrecision),
      12,
    );
    expect(tied.ndcg).toBeCloseTo(
      mean(({ ndcg }) => ndcg),
      12,
    );
  });

  const tiers = fc.array(
    fc
      .integer({ min: 1, max: 6 })
      .chain((all) => fc.record({ all: fc.constant(all), relevant: fc.integer({ min: 0, max: all }) })),
    { minLength: 1, maxLength: 8 },
  );

  it('lies between what it would be with every tie against it and for it', () => {
    fc.assert(
      fc.property(tiers, (list) => {
        const relevant = list.reduce((sum, tier) => sum + tier.relevant, 0);
        fc.pre(relevant > 0);
        const [worst, is, best] = [brokenTiers(list, 'against'), list, brokenTiers(list, 'for')].map((one) =>
          retrieve(one, relevant),
        );
        if (worst === undefined || is === undefined || best === undefined) throw new Error('three were asked for');
        expect(worst.averagePrecision).toBeLessThanOrEqual(is.averagePrecision + 1e-12);
        expect(is.averagePrecision).toBeLessThanOrEqual(best.averagePrecision + 1e-12);
        expect(worst.ndcg).toBeLessThanOrEqual(is.ndcg + 1e-12);
        expect(is.ndcg).toBeLessThanOrEqual(best.ndcg + 1e-12);
        expect(is.first).toBe(worst.first);
        expect(best.first ?? 0).toBeLessThanOrEqual(is.first ?? 0);
      }),
    );
  });
});

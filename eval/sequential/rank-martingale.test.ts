import { describe, expect, it } from 'vitest';
import { random } from '../stats/rng.ts';
import { rankMartingale } from './rank-martingale.ts';

function* permutations(items: readonly number[]): Generator<number[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(index, 1))) yield [item, ...rest];
  }
}

function wealthAfter(values: readonly number[], reference: number, seed = 1): number {
  const ranks = rankMartingale(reference, random(seed));
  for (const value of values) ranks.take(value);
  return ranks.wealth();
}

describe('the rank martingale', () => {
  it.each([3, 5, 7])('has mean 1 over all orders of %i values, exactly', (count) => {
    const values = Array.from({ length: count }, (_, index) => index * 1.7 - 2);
    let [sum, orders] = [0, 0];
    for (const order of permutations(values)) {
      sum += wealthAfter(order, 2);
      orders += 1;
    }
    expect(sum / orders).toBeCloseTo(1, 12);
  });

  it('is a martingale: whatever came, the next value of every rank leaves the mean where it was', () => {
    const past = [0.3, 2.2, -1, 0.9, 5, 4, 6];
    const now = wealthAfter(past, 3);
    const between = [-2, 0, 0.5, 1, 3, 4.5, 5.5, 7];
    const next = between.map((value) => wealthAfter([...past, value], 3));
    expect(next.reduce((sum, wealth) => sum + wealth, 0) / next.length).toBeCloseTo(now, 12);
  });

  it('sees order alone: any increasing function of the values gives the same wealth', () => {
    const next = random(3);
    const values = Array.from({ length: 40 }, () => next());
    expect(
      wealthAfter(
        values.map((value) => Math.exp(9 * value)),
        10,
      ),
    ).toBe(wealthAfter(values, 10));
  });

  it.each([
    ['continuous', (next: () => number) => next()],
    ['tied', (next: () => number) => Math.floor(3 * next())],
    ['mostly zero', (next: () => number) => (next() < 0.8 ? 0 : next())],
    ['heavy-tailed', (next: () => number) => 1 / next()],
  ] as const)('reaches 20 in fewer than 1 of 20 runs of 120 %s nights without a change', (_, draw) => {
    const runs = 400;
    let reached = 0;
    for (let seed = 1; seed <= runs; seed += 1) {
      const next = random(seed);
      const ranks = rankMartingale(10, next);
      let most = 0;
      for (let night = 0; night < 120; night += 1) {
        ranks.take(draw(next));
        most = Math.max(most, ranks.wealth());
      }
      reached += Number(most >= 20);
    }
    expect(reached / runs).toBeLessThan(0.05 + 2 * Math.sqrt((0.05 * 0.95) / runs));
  });

  it('finds a change and where it began', () => {
    const next = random(5);
    const ranks = rankMartingale(14, next);
    let found = 0;
    for (let night = 0; night < 80 && found === 0; night += 1) {
      ranks.take(next() + (night >= 50 ? 2 : 0));
      if (ranks.wealth() >= 1000) found = night;
    }
    expect(found).toBeGreaterThan(49);
    expect(found).toBeLessThan(58);
    expect(ranks.onset()).toBe(50);
  });
});

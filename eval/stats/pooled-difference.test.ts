import { describe, expect, it } from 'vitest';
import { decide } from '../decide.ts';
import { estimatePooledDifference } from './pooled-difference.ts';
import { estimatePooled } from './pooled.ts';
import { random } from './rng.ts';
import { lossInBoxes, pooledOf, simulateBoxes, type BoxWorld } from './simulated-boxes.fixture.ts';

const world: BoxWorld = { scenes: 60, sizes: { kind: 'uniform', most: 4 }, lost: 0.1, apart: 0.4 };

describe('the difference of average precision of a model that loses whole scenes', () => {
  it('passes at its margin in few of 100', () => {
    const [margin, next, worlds] = [lossInBoxes(world, 6000), random(3), 60];
    let passed = 0;
    for (let seed = 0; seed < worlds; seed += 1) {
      const { interval } = estimatePooledDifference(pooledOf(simulateBoxes(world, true, next)), seed);
      passed += Number(decide(interval, margin) === 'pass');
    }
    // Of 60 at a true 5%, fewer than 1 in 100 runs show more than 8; the seeds are fixed all the same.
    expect(passed).toBeLessThanOrEqual(8);
  });

  it('is no narrower than the bootstrap, which says so', () => {
    const pooled = pooledOf(simulateBoxes(world, true, random(4)));
    const [whole, drawn] = [estimatePooledDifference(pooled, 1), estimatePooled(pooled, 1)];
    expect(whole.interval?.low).toBeLessThanOrEqual(drawn.interval?.low ?? -1);
    expect(whole.interval?.high).toBeGreaterThanOrEqual(drawn.interval?.high ?? 1);
    expect(whole.method).toBe(
      `${drawn.method}, no narrower than Tango 1998 score on effective clusters, exact limits where few differ`,
    );
  });

  it('has room for a scene that was not seen, where two models answer the same', () => {
    const { reference, scenes } = simulateBoxes(world, false, random(5));
    const { interval } = estimatePooledDifference(pooledOf({ candidate: reference, reference, scenes }), 1);
    expect(interval?.low).toBeLessThan(-2.7 / (60 + 2.7));
  });

  it('leaves trials of two clusters to the bootstrap', () => {
    const pooled = pooledOf(simulateBoxes(world, true, random(4)));
    const inTwo = {
      ...pooled,
      clusters: pooled.clusters.map((members, at) => [...members, pooled.clusters[at === 0 ? 1 : 0]?.[0] ?? 0]),
    };
    expect(estimatePooledDifference(inTwo, 1)).toMatchObject({ method: estimatePooled(inTwo, 1).method });
  });
});

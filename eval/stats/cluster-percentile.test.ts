import { describe, expect, it } from 'vitest';
import { clusterPercentiles } from './cluster-percentile.ts';
import { random } from './rng.ts';

const mean = (clusters: readonly (readonly number[])[]) => {
  const all = clusters.flat();
  return all.length === 0 ? null : all.reduce((sum, value) => sum + value, 0) / all.length;
};

describe('percentiles of a bootstrap over clusters', () => {
  it('cover a true mean about nine times in ten, from few clusters too', () => {
    const next = random(7);
    let covered = 0;
    for (let study = 0; study < 200; study += 1) {
      const clusters = Array.from({ length: 8 }, () => {
        const own = next() - 0.5;
        return Array.from({ length: 5 }, () => 10 + own + (next() - 0.5));
      });
      const interval = clusterPercentiles(clusters, mean, study);
      if (interval !== null && interval.low <= 10 && interval.high >= 10) covered += 1;
    }
    expect(covered / 200).toBeGreaterThan(0.84);
    expect(covered / 200).toBeLessThan(0.97);
  });

  it('say nothing of a single cluster, and the same for the same seed', () => {
    expect(clusterPercentiles([[1, 2]], mean, 1)).toBeNull();
    const clusters = [[1], [2], [4], [8]];
    expect(clusterPercentiles(clusters, mean, 3)).toEqual(clusterPercentiles(clusters, mean, 3));
  });
});

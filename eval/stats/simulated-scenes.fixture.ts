import { total } from './bootstrap.ts';
import type { PairedClusters } from './paired-clusters.ts';
import { random, type Random } from './rng.ts';

/** How many events a cluster has. Of a lognormal one the median is 3; of a Pareto one the least is 1. */
export type Sizes =
  | { kind: 'equal'; of: number }
  | { kind: 'uniform'; most: number }
  | { kind: 'lognormal'; sigma: number }
  | { kind: 'pareto'; tail: number };

/** A model that loses whole scenes: clusters at random in which it misses nearly all. */
export type SceneWorld = {
  clusters: number;
  sizes: Sizes;
  /** The chance of a cluster of 4 events to be lost; `growth`: it goes with the size to the power of so much, four times that at most. */
  lost: number;
  growth: number;
  /** The share of events of a lost cluster that it misses. */
  share: number;
  /** The share of events in other clusters that change either way. */
  churn: number;
};

/** @param loses false: no cluster is lost, and the churn alone is left */
export function simulateScenes(world: SceneWorld, loses: boolean, next: Random): PairedClusters {
  const { clusters, churn, share } = world;
  const [gained, lost, weights] = [0, 0, 0].map(() => new Float64Array(clusters)) as [Float64Array, Float64Array, Float64Array];
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    const size = drawSize(world.sizes, next);
    weights[cluster] = size;
    const isLost = next() < (loses ? chanceOf(world, size) : 0);
    for (let event = 0; event < size; event += 1) {
      const own = next();
      if (isLost ? own < share : own < churn) lost[cluster] = (lost[cluster] ?? 0) + 1;
      else if (!isLost && own < 2 * churn) gained[cluster] = (gained[cluster] ?? 0) + 1;
    }
  }
  return { gained, lost, weights };
}

/** The true loss where clusters are lost: exact but for the mean over sizes, of which so many are drawn. */
export function lossOf(world: SceneWorld, draws = 2_000_000): number {
  if (world.growth === 0) return world.lost * world.share;
  const next = random(20_261_128);
  const sizes = Float64Array.from({ length: draws }, () => drawSize(world.sizes, next));
  return (world.share * total(sizes.map((size) => size * chanceOf(world, size)))) / total(sizes);
}

function chanceOf({ lost, growth }: SceneWorld, size: number): number {
  return Math.min(1, lost * Math.min(4, (size / 4) ** growth));
}

export function drawSize(sizes: Sizes, next: Random): number {
  switch (sizes.kind) {
    case 'equal':
      return sizes.of;
    case 'uniform':
      return 1 + Math.floor(next() * sizes.most);
    case 'lognormal': {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return Math.max(1, Math.round(3 * Math.exp(sizes.sigma * normal)));
    }
    case 'pareto':
      return Math.ceil((1 - next()) ** (-1 / sizes.tail));
  }
}

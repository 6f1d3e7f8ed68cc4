import type { Interval } from '../gate.ts';
import { bcaBounds, expandedZ } from './bootstrap.ts';
import { FEWEST_CLUSTERS, REPLICATES } from './level.ts';
import { random, shuffled, type Random } from './rng.ts';

export type Pooled = {
  /** The value where each trial counts as often as its weight says; null where it is not defined. */
  statistic: (weights: Float64Array) => number | null;
  /** What is resampled together: places of trials. One that stands in two clusters depends on both. */
  clusters: readonly (readonly number[])[];
  /** What clusters are called. */
  unit: string;
  /** How many trials there are of the rarest kind that it rests on. */
  support: number;
  /** Of how many things it is a share, where these are more. */
  shareOf?: number;
  /** What those kinds are called. */
  counted: string;
};

export type PooledEstimate = {
  value: number;
  /** Null outside the domain of the method, which then says why. */
  interval: Interval | null;
  method: string;
  clusters: number;
  /** The interval to expect had `by` times as much of the same been seen; null with the interval. */
  expected: ((by: number) => Interval) | null;
};

/** Fewer trials than this of a kind, and a bootstrap draws from too little (bench/statistics-coverage.ts). */
export const FEWEST_SUPPORT = 30;

/** The acceleration is taken from as many groups of clusters, left out in turn: of single ones it would cost the square of the data. */
const GROUPS = 200;

/**
 * The interval of a function of all trials: whole clusters are drawn anew and the function is taken of each draw (BCa, Efron 1987),
 * with percentiles expanded as for a mean (Hesterberg 2015). Of two models, the difference is the function: both are then drawn
 * with the same weights. A trial of two clusters, such as a pair of two identities, counts as often as the one was drawn times as
 * often as the other: the pigeonhole bootstrap (Owen 2007, "The Pigeonhole Bootstrap", Annals of Applied Statistics 1:386), here of
 * one kind of cluster on both sides (Davezies, D'Haultfoeuille and Guyonvarch 2021, Annals of Statistics 49:845).
 */
export function estimatePooled(pooled: Pooled, seed: number): PooledEstimate {
  const { statistic, clusters, unit, support, shareOf = support, counted } = pooled;
  const size = clusters.reduce((most, members) => members.reduce((last, at) => Math.max(last, at + 1), most), 0);
  const value = statistic(new Float64Array(size).fill(1)) ?? Number.NaN;
  const open = (method: string): PooledEstimate => ({ value, interval: null, method, clusters: clusters.length, expected: null });
  if (clusters.length < FEWEST_CLUSTERS) return open(`it takes ${FEWEST_CLUSTERS} ${unit}, and there are ${clusters.length}`);
  if (support < FEWEST_SUPPORT)
    return open(`it takes ${FEWEST_SUPPORT} each of ${counted}, and of the rarer there are ${support}`);
  const next = random(seed);
  const drawn = draws(statistic, clusters, size, next);
  if (drawn.length < REPLICATES * 0.99) return open('it is not defined in many of the draws');
  const without = leftOut(statistic, clusters, size, next);
  const interval = withRoom(
    value,
    bcaBounds({ estimate: value, drawn: drawn.toSorted(), without }, expandedZ(Math.min(clusters.length, 2 * support))),
    Math.min(shareOf, clusters.length),
  );
  return {
    value,
    interval,
    method: `cluster BCa bootstrap of the whole, ${REPLICATES} replicates`,
    clusters: clusters.length,
    expected: (by) => ({
      low: value - (value - interval.low) / Math.sqrt(by),
      high: value + (interval.high - value) / Math.sqrt(by),
    }),
  };
}

/** Draws in which it is not defined are left out. */
function draws(
  statistic: Pooled['statistic'],
  clusters: Pooled['clusters'],
  size: number,
  next: Random,
): Float64Array<ArrayBuffer> {
  const drawn: number[] = [];
  const [times, weights] = [new Float64Array(clusters.length), new Float64Array(size)];
  for (let replicate = 0; replicate < REPLICATES; replicate += 1) {
    times.fill(0);
    for (let draw = 0; draw < clusters.length; draw += 1) {
      const cluster = Math.floor(next() * clusters.length);
      times[cluster] = (times[cluster] ?? 0) + 1;
    }
    weights.fill(1);
    for (let cluster = 0; cluster < clusters.length; cluster += 1) {
      const [members, drawnTimes] = [clusters[cluster] ?? [], times[cluster] ?? 0];
      for (let index = 0; index < members.length; index += 1) {
        const at = members[index] ?? 0;
        weights[at] = (weights[at] ?? 0) * drawnTimes;
      }
    }
    const value = statistic(weights);
    if (value !== null) drawn.push(value);
  }
  return Float64Array.from(drawn);
}

function leftOut(
  statistic: Pooled['statistic'],
  clusters: Pooled['clusters'],
  size: number,
  next: Random,
): Float64Array<ArrayBuffer> {
  const order = shuffled(clusters, next);
  const groups = Math.min(GROUPS, order.length);
  const values = Array.from({ length: groups }, (_, group) => {
    const weights = new Float64Array(size).fill(1);
    for (let at = group; at < order.length; at += groups) for (const trial of order[at] ?? []) weights[trial] = 0;
    return statistic(weights);
  });
  return Float64Array.from(values.filter((value) => value !== null));
}

/** However alike the draws are, one in so many may be as far off as can be (rule of three). */
function withRoom(value: number, { low, high }: Interval, of: number): Interval {
  const unseen = 1 - 0.05 ** (1 / of);
  const isNarrow = high - low < unseen;
  return isNarrow ? { low: Math.min(low, value - unseen), high: Math.max(high, value + unseen) } : { low, high };
}

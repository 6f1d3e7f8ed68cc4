import type { Interval } from '../gate.ts';
import { bcaInterval, expandedZ } from './bootstrap.ts';
import { tQuantile } from './distributions.ts';
import { FEWEST_CLUSTERS, FEWEST_UNEVEN, LEVEL, REPLICATES, Z } from './level.ts';
import { evened, scaled, summarise, type PairedClusters, type PairedSummary } from './paired-clusters.ts';
import { adjustedTango, poissonDifference } from './rare-difference.ts';
import { random } from './rng.ts';

/** `bounded`: a unit of the denominator changes by `range` at most. `count`: no ceiling; `burst` come at once. */
export type Changes = { kind: 'bounded'; range: number } | { kind: 'count'; burst: number };

/** How one sample per cluster, right or wrong, is judged. */
export const BINARY_PAIRS = 'Tango 1998 score';

export type GainEstimate = {
  value: number;
  /** Null when nothing can be said: a single cluster has no spread. */
  interval: Interval | null;
  method: string;
  clusters: number;
  uneven: number;
  /** The interval to expect had `by` times as much of the same been seen; its lower bound if the models had agreed on all. */
  expected: (by: number) => Interval;
  agreeing: (by: number) => Interval;
};

/** The gain of a candidate over a reference on the same clusters, by the method that holds for what there is. */
export function estimateGain(clusters: PairedClusters, changes: Changes, seed: number): GainEstimate | null {
  const summary = summarise(clusters);
  if (summary.clusters === 0) return null;
  const { interval, method, expected } = choose(summary, clusters, changes, seed);
  const agreeing = (by: number) => rare(scaled(evened(summary), by), changes, Z);
  return { value: summary.gain, interval, method, clusters: summary.clusters, uneven: summary.uneven, expected, agreeing };
}

type Chosen = Pick<GainEstimate, 'interval' | 'method' | 'expected'>;

function choose(summary: PairedSummary, clusters: PairedClusters, changes: Changes, seed: number): Chosen {
  const rarely =
    changes.kind === 'bounded' ? 'cluster-adjusted Tango 1998 score' : 'Poisson limits by MOVER (Zou and Donner 2008)';
  const byCount = (by: number) => rare(scaled(summary, by), changes, Z);
  if (isBinaryPairs(summary, clusters, changes)) return { interval: byCount(1), method: BINARY_PAIRS, expected: byCount };
  if (summary.clusters === 1) return { interval: null, method: 'a single cluster has no spread', expected: byCount };
  if (summary.clusters < FEWEST_CLUSTERS) {
    const few = (by: number) => fewClusters(scaled(summary, by), changes);
    return { interval: few(1), method: `t on ${summary.clusters} cluster means, no narrower than ${rarely}`, expected: few };
  }
  if (summary.uneven < FEWEST_UNEVEN) return { interval: byCount(1), method: rarely, expected: byCount };
  const interval = bcaInterval(
    { differences: summary.differences, weights: clusters.weights },
    { z: expandedZ(summary.clusters), replicates: REPLICATES, random: random(seed) },
  );
  const expected = (by: number) => around(summary.gain, interval, Math.sqrt(by));
  return { interval, method: `cluster BCa bootstrap, ${REPLICATES} replicates`, expected };
}

const isWhole = (value: number) => value === 0 || value === 1;

/** One sample per cluster, right or wrong. */
function isBinaryPairs({ size, weight, clusters }: PairedSummary, { gained, lost }: PairedClusters, changes: Changes): boolean {
  return (
    changes.kind === 'bounded' &&
    changes.range === 1 &&
    size === 1 &&
    weight === clusters &&
    gained.every(isWhole) &&
    lost.every(isWhole)
  );
}

function rare(summary: PairedSummary, changes: Changes, z: number): Interval {
  return changes.kind === 'bounded' ? adjustedTango(summary, changes.range, z) : poissonDifference(summary, changes.burst, z);
}

function fewClusters(summary: PairedSummary, changes: Changes): Interval {
  const t = tQuantile(LEVEL, summary.clusters - 1);
  const half = t * (summary.standardError ?? Infinity);
  const counted = rare(summary, changes, t);
  return { low: Math.min(summary.gain - half, counted.low), high: Math.max(summary.gain + half, counted.high) };
}

function around(value: number, { low, high }: Interval, shrink: number): Interval {
  return { low: value - (value - low) / shrink, high: value + (high - value) / shrink };
}

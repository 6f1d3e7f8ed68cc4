import type { Interval } from '../gate.ts';
import { FEWEST_COUNTED, type Burst } from './dispersion.ts';
import { tQuantile } from './distributions.ts';
import { hull } from './hull.ts';
import { FEWEST_CLUSTERS, LEVEL, Z } from './level.ts';
import { evened, scaled, summarise, type PairedClusters, type PairedSummary } from './paired-clusters.ts';
import { ADJUSTED_TANGO, adjustedTango, binaryPairs, FEWEST_DISCORDANT, poissonDifference } from './rare-difference.ts';

/** `bounded`: a unit of the denominator changes by `range` at most. `count`: no ceiling; `burst` come at once. */
export type Changes = { kind: 'bounded'; range: number } | { kind: 'count'; burst: Burst };

export type GainEstimate = {
  value: number;
  /** Null when nothing can be said: a single cluster has no spread. */
  interval: Interval | null;
  method: string;
  /** One sample per cluster, right or wrong. */
  isBinary: boolean;
  clusters: number;
  /** So many equal clusters would say as much (Kish 1965): a giant among them counts for little more than one. */
  effectiveClusters: number;
  uneven: number;
  /** What the method had to assume for want of data, as a sentence; null where it assumes nothing of the kind. */
  assumed: string | null;
  /** The interval to expect had `by` times as much of the same been seen; its lower bound if the models had agreed on all. */
  expected: (by: number) => Interval;
  agreeing: (by: number) => Interval;
};

/** The gain of a candidate over a reference on the same clusters, by the method that holds for what there is. */
export function estimateGain(clusters: PairedClusters, changes: Changes): GainEstimate | null {
  const summary = summarise(clusters);
  if (summary.clusters === 0) return null;
  const method = choose(summary, clusters, changes);
  return {
    value: summary.gain,
    interval: summary.clusters === 1 && !method.isBinary ? null : method.of(summary),
    method: method.name,
    isBinary: method.isBinary,
    clusters: summary.clusters,
    effectiveClusters: summary.weight / summary.size,
    uneven: summary.uneven,
    assumed: assumedIn(changes),
    expected: (by) => method.of(scaled(summary, by)),
    agreeing: (by) => method.of(scaled(evened(summary), by)),
  };
}

type Method = { name: string; isBinary: boolean; of: (summary: PairedSummary) => Interval };

function choose(summary: PairedSummary, clusters: PairedClusters, changes: Changes): Method {
  if (isBinaryPairs(summary, clusters, changes)) {
    const isFew = summary.gained + summary.lost < FEWEST_DISCORDANT;
    const name = isFew ? 'Clopper-Pearson limits of won and lost by MOVER (Zou and Donner 2008)' : 'Tango 1998 score';
    return { name, isBinary: true, of: (one) => binaryPairs(one, Z) };
  }
  const rarely = changes.kind === 'bounded' ? ADJUSTED_TANGO : 'Poisson limits by MOVER (Zou and Donner 2008)';
  if (summary.clusters === 1)
    return { name: 'a single cluster has no spread', isBinary: false, of: (one) => rare(one, changes, Z) };
  if (summary.clusters >= FEWEST_CLUSTERS) return { name: rarely, isBinary: false, of: (one) => rare(one, changes, Z) };
  const name = `t on ${summary.clusters} cluster means, no narrower than ${rarely}`;
  return { name, isBinary: false, of: (one) => fewClusters(one, changes) };
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
  return changes.kind === 'bounded'
    ? adjustedTango(summary, changes.range, z)
    : poissonDifference(summary, changes.burst.size, z);
}

function fewClusters(summary: PairedSummary, changes: Changes): Interval {
  const t = tQuantile(LEVEL, summary.clusters - 1);
  const half = t * (summary.standardError ?? Infinity);
  const counted = rare(summary, changes, t);
  return hull({ low: summary.gain - half, high: summary.gain + half }, counted);
}

function assumedIn(changes: Changes): string | null {
  if (changes.kind === 'bounded' || changes.burst.counted >= FEWEST_COUNTED) return null;
  const { counted } = changes.burst;
  return (
    `${counted === 0 ? 'none' : counted} of them show how many come at once, and it takes ${FEWEST_COUNTED}: ` +
    'it is assumed that about three do'
  );
}

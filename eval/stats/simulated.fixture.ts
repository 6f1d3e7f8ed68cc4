import type { LatencyGate } from '../gate.ts';
import { isPrecise } from '../latency/is-precise.ts';
import { type LatencyBlock, planStarts } from '../latency/plan-blocks.ts';
import { burstOf } from './dispersion.ts';
import type { Changes } from './gain.ts';
import { areaUnderRoc } from '../../tasks/area-under-roc.ts';
import { normalCdf } from './distributions.ts';
import type { Pooled } from './pooled.ts';
import type { PairedClusters } from './paired-clusters.ts';
import type { Random } from './rng.ts';

/** Worlds in which the truth is known, to see how often gates err in them. */

export type RecallWorld = {
  clusters: number;
  /** The true gain. */
  gain: number;
  /** The share of events that change either way beyond that. */
  churn: number;
  /** The chance that all events of a cluster share one fate. */
  together: number;
  /** A cluster has 1 to this many events. */
  mostEvents: number;
};

export function simulateRecall({ clusters, gain, churn, together, mostEvents }: RecallWorld, next: Random): PairedClusters {
  const [gaining, losing] = [churn + Math.max(0, gain), churn + Math.max(0, -gain)];
  const [gained, lost, weights] = [0, 0, 0].map(() => new Float64Array(clusters)) as [Float64Array, Float64Array, Float64Array];
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    const events = 1 + Math.floor(next() * mostEvents);
    const [shared, fate] = [next() < together, next()];
    weights[cluster] = events;
    for (let event = 0; event < events; event += 1) {
      const own = shared ? fate : next();
      if (own < gaining) gained[cluster] = (gained[cluster] ?? 0) + 1;
      else if (own < gaining + losing) lost[cluster] = (lost[cluster] ?? 0) + 1;
    }
  }
  return { gained, lost, weights };
}

export type RateWorld = {
  clusters: number;
  /** The true gain, in alarms per hour that are gone. */
  gain: number;
  /** Alarms per hour that both models raise, and a tenth of that again that each raises alone. */
  base: number;
  /** How many come at once on average. */
  burst: number;
};

const HOURS = 0.05;

export function simulateRates(
  { clusters, gain, base, burst }: RateWorld,
  next: Random,
): { clusters: PairedClusters; changes: Changes } {
  const draw = (perHour: number) => {
    let sum = 0;
    for (let left = poisson((perHour * HOURS) / burst, next); left > 0; left -= 1)
      sum += 1 + Math.floor(next() * (2 * burst - 1));
    return sum;
  };
  const [candidate, reference] = [new Float64Array(clusters), new Float64Array(clusters)];
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    const both = draw(base);
    candidate[cluster] = both + draw(base / 10 + Math.max(0, -gain));
    reference[cluster] = both + draw(base / 10 + Math.max(0, gain));
  }
  const weights = new Float64Array(clusters).fill(HOURS);
  const net = reference.map((count, cluster) => count - (candidate[cluster] ?? 0));
  return {
    clusters: { gained: net.map((value) => Math.max(0, value)), lost: net.map((value) => Math.max(0, -value)), weights },
    changes: { kind: 'count', burst: burstOf(candidate, reference, weights) },
  };
}

function poisson(mean: number, next: Random): number {
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = next(); product > floor; product *= next()) count += 1;
  return count;
}

export type AreaWorld = {
  clusters: number;
  /** Cases in a cluster, and the share of their scores that they have in common. */
  size: number;
  together: number;
  /** The share of positive cases. */
  positive: number;
  /** How far apart the scores of positive and negative cases lie on average, in standard deviations, for each of two tests. */
  apart: { candidate: number; reference: number };
};

/** The area under the ROC curve of two normal distributions that lie so far apart. */
export const areaOf = (apart: number) => normalCdf(apart / Math.SQRT2);

/** Two tests of the same cases; half of the variance of their scores is the case's own, and the same in both. */
export function simulateAreas({ clusters, size, together, positive, apart }: AreaWorld, next: Random): Pooled {
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const mixed = (common: number, own: number, share: number) => Math.sqrt(share) * common + Math.sqrt(1 - share) * own;
  const cases = Array.from({ length: clusters }, () => {
    const common = { candidate: normal(), reference: normal(), case: normal() };
    return Array.from({ length: size }, () => {
      const [isPositive, ownCase] = [next() < positive, mixed(common.case, normal(), together)];
      const score = (who: 'candidate' | 'reference') =>
        (isPositive ? apart[who] : 0) + Math.SQRT1_2 * (ownCase + mixed(common[who], normal(), together));
      return { positive: isPositive, candidate: score('candidate'), reference: score('reference') };
    });
  }).flat();
  const area = (who: 'candidate' | 'reference') =>
    areaUnderRoc(cases.map((one) => ({ score: one[who], positive: one.positive })));
  const [candidate, reference] = [area('candidate'), area('reference')];
  return {
    statistic: (weights) => {
      const [ofCandidate, ofReference] = [candidate.value(weights), reference.value(weights)];
      return ofCandidate === null || ofReference === null ? null : ofCandidate - ofReference;
    },
    clusters: Array.from({ length: clusters }, (_, cluster) => Array.from({ length: size }, (_one, at) => cluster * size + at)),
    unit: 'clusters',
    support: candidate.support,
    counted: 'positive and negative cases',
  };
}

/** A machine that drifts, with noise per process, per block and per request, and now and then a request ten times as slow. */
export type Machine = {
  starts: number;
  requests: number;
  drift: number;
  processNoise: number;
  blockNoise: number;
  requestNoise: number;
  stalls: number;
};

/** As six processes of one model were measured to differ, and blocks on a quiet machine. */
export const QUIET: Omit<Machine, 'starts'> = {
  requests: 10,
  drift: 0.02,
  processNoise: 0.016,
  blockNoise: 0.02,
  requestNoise: 0.1,
  stalls: 0.01,
};

/** @param slower the true ratio of the candidate's latency to the reference's */
export function simulateLatency(machine: Machine, slower: number, seed: number, next: Random): LatencyBlock[] {
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  let level = 0;
  return planStarts(seed, machine.starts).flatMap((pairs, start) => {
    const process = () => machine.processNoise * normal();
    const processes = { reference: process(), candidate: process() + Math.log(slower), control: process() };
    return pairs.flatMap(({ pair, order }) =>
      order.map((arm) => {
        level += machine.drift * normal();
        const block = 10 * Math.exp(level + processes[arm] + machine.blockNoise * normal());
        const request = () => block * Math.exp(machine.requestNoise * normal()) * (next() < machine.stalls ? 10 : 1);
        return { start, pair, arm, milliseconds: Array.from({ length: machine.requests }, request) };
      }),
    );
  });
}

/** As a check measures: so many starts at least, and more of all that there are while they are not precise. */
export function untilPrecise(all: readonly LatencyBlock[], gate: LatencyGate, fewest: number): readonly LatencyBlock[] {
  const most = Math.max(...all.map(({ start }) => start)) + 1;
  for (let starts = fewest; starts < most; starts += 1) {
    const blocks = all.filter(({ start }) => start < starts);
    if (isPrecise(blocks, [gate])) return blocks;
  }
  return all;
}

import { type LatencyBlock, planStarts } from '../latency/plan-blocks.ts';
import { dispersion } from './dispersion.ts';
import type { Changes } from './gain.ts';
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
    changes: { kind: 'count', burst: Math.max(dispersion(candidate, weights), dispersion(reference, weights)) },
  };
}

function poisson(mean: number, next: Random): number {
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = next(); product > floor; product *= next()) count += 1;
  return count;
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

import { percentilesOf, type Percentile } from '../latency/percentiles.ts';
import { earlyStopEstimate } from './early-stop-estimate.ts';
import type { Loaded, Scenario } from './scenario.ts';

/** What of a scenario is told. `estimate`: of the share that MLPerf asks of it, at 99% confidence; null of too few queries. */
export type ToldLoad = {
  kind: Scenario['kind'];
  /** Queries a second that were meant to come; null where the next waits for the last. */
  perSecond: number | null;
  seconds: number;
  queries: number;
  samplesPerSecond: number;
  percentiles: Record<Percentile, number | null>;
  estimate: { share: number; milliseconds: number | null } | null;
};

const SHARES: Readonly<Record<Scenario['kind'], number | null>> = {
  'single-stream': 0.9,
  'multi-stream': 0.99,
  server: 0.99,
  camera: 0.99,
  offline: null,
};

export function tellLoad(scenario: Scenario, { milliseconds, samples, seconds }: Loaded): ToldLoad {
  const share = SHARES[scenario.kind];
  return {
    kind: scenario.kind,
    perSecond: 'perSecond' in scenario ? scenario.perSecond : null,
    seconds,
    queries: milliseconds.length === 0 ? 1 : milliseconds.length,
    samplesPerSecond: seconds === 0 ? 0 : samples / seconds,
    percentiles: percentilesOf(milliseconds),
    estimate: share === null ? null : { share, milliseconds: earlyStopEstimate(milliseconds, share) },
  };
}

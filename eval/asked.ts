import type { Metric, Trial } from '#tasks';
import type { FindingKey } from './finding.ts';
import type { Interval } from './gate.ts';
import type { PairedTrial } from './paired-trials.ts';

/** What is asked of a metric: a key that is settled before anything is measured, and the trials of both sides. */
export type Asked<M = Metric<Trial>> = { metric: M; key: FindingKey; trials: readonly PairedTrial[]; seed: number };

/** What a metric of either kind makes of it. */
export type Gain = {
  candidate: number;
  reference: number;
  value: number;
  /** Null when the data do not let it be told; `method` then says why. */
  interval: Interval | null;
  method: string;
  clusters: number;
  /** What changed hands, in brackets behind the reason; empty where that cannot be counted. */
  change: string;
  /** What would decide, should this not. */
  remedy: () => string;
};

import type { Digest } from '#kernel';
import type { TimedEvent } from '#datasets';

/** One research sample through one model: what it answered, reduced to what any top-k metric needs. */
export type SampleTrial = {
  sample: string;
  truth: number;
  /** The five best classes, best first; ties go to the lowest index. */
  ranked: readonly number[];
  /** Score of the true class and of the best class, for pictures and calibration. */
  score: { truth: number; best: number };
  /** Whether the best score was shared, so that the tie rule decided. */
  tied: boolean;
};

/** One clip through one model. */
export type ClipTrial = {
  clip: string;
  site: string;
  conditions: Readonly<Record<string, string>>;
  /** Length of the footage. */
  seconds: number;
  truth: readonly TimedEvent[];
  detections: readonly Detection[];
  /** One to one. `delay`: seconds from the true start until the rule could have raised the alarm, never below 0. */
  matches: readonly { truth: number; detection: number; delay: number }[];
};

/** `alarm`: the moment at which the last frame that persistence asks for had been seen. `peak`: highest frame score. */
export type Detection = TimedEvent & { alarm: number; peak: number };

/** What was scored by what: the identity of an accuracy result, and the key under which it is kept. */
export type TrialKey = {
  model: Digest;
  runtime: Digest | null;
  variant: string;
  dataset: Digest;
  chipsetKey: Digest;
  /** Instead of the model's own, which is in its digest; null leaves it that. Samples know none. */
  threshold: number | null;
  metricVersion: number;
};

/** All trials of one subject, kept as they are made so that a killed check goes on where it was. */
export interface TrialStore<T> {
  /** Trials already kept for the key; a torn last line is dropped. */
  read(key: TrialKey): Promise<readonly T[]>;
  append(key: TrialKey, trials: readonly T[]): Promise<void>;
}

import type { Unit } from '#tasks';
import type { Estimate, Outcome } from './gate.ts';

/** One decision: a gate, on one slice or the whole, on one chipset, against one reference. */
export type Finding = {
  metric: string;
  /** The unit of every number here; the gain and the margin of a `ratio` are logarithms. */
  unit: Unit | 'ratio' | 'milliseconds' | 'bytes';
  better: 'more' | 'less';
  dataset: string | null;
  chipset: string | null;
  slice: { by: string; value: string } | null;
  /** What it is judged against: the release deployed today, the anchor, or a bound of its own. */
  against: 'baseline' | 'anchor' | 'bound' | 'budget';
  role: 'decides' | 'guards' | 'watches';
  candidate: number | null;
  reference: number | null;
  /** Candidate minus reference, signed so that more is better (for `ratio`: the log of reference over candidate). */
  gain: Estimate;
  /** Gain must stay above minus this. */
  margin: number;
  /** The smallest loss that this data would have shown with 80% power; null when unknown. */
  minimumDetectableEffect: number | null;
  outcome: Outcome;
  /** By identity: the same release on the same inputs. */
  identical: boolean;
  reason: string;
  /** For `inconclusive`: what would decide. */
  remedy: string | null;
};

/** What is settled of a finding before anything is measured. */
export type FindingKey = Pick<
  Finding,
  'metric' | 'unit' | 'better' | 'dataset' | 'chipset' | 'slice' | 'against' | 'role' | 'margin'
>;

/** The interval of nothing measured. */
export function unmeasured(method: string): Estimate {
  return { value: null, interval: null, method, clusters: 0, n: 0 };
}

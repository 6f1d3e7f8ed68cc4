import type { QualityMetric } from '#eval';

/** Trials are kept under this number: it goes up whenever ranking, events, matching or what a trial holds changes. */
export const metricVersion = 1;

/** A ratio of sums: `numerator` of all trials over `denominator` of all trials. */
export type Totals = { numerator: number; denominator: number };

/**
 * Two models over the same trial, on the same denominator. `gained` and `lost` are the amounts (never negative) by which
 * the candidate was better and worse; their difference over the denominator is the gain.
 */
export type PairedTotals = { candidate: number; reference: number; denominator: number; gained: number; lost: number };

/**
 * How one unit of the denominator may change at most. `bounded`: by no more than `range` in all (one event found or
 * missed; the longest event there was to be late for). `count`: things are counted per denominator, without a ceiling.
 */
export type Spread<T> = { kind: 'bounded'; range: (trials: readonly T[]) => number } | { kind: 'count' };

/** What is measured, in the one form from which every estimate is made: sums over trials, and sums over pairs of them. */
export type Metric<T> = {
  name: QualityMetric;
  unit: 'fraction' | 'per hour' | 'seconds';
  better: 'more' | 'less';
  /** What one unit of the denominator is called, in the plural. */
  counted: string;
  spread: Spread<T>;
  totals: (trial: T) => Totals;
  pair: (candidate: T, reference: T) => PairedTotals;
};

/** Gained and lost from two numerators, for metrics in which only the net change of a trial can be seen. */
export function netChange(candidate: number, reference: number, better: 'more' | 'less'): { gained: number; lost: number } {
  const gain = better === 'more' ? candidate - reference : reference - candidate;
  return { gained: Math.max(0, gain), lost: Math.max(0, -gain) };
}

/** Of every number that a metric gives. */
export type Unit = 'fraction' | 'per hour' | 'per image' | 'seconds';

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
export type Spread<T> = { kind: 'bounded'; range(trials: readonly T[]): number } | { kind: 'count' };

/** What can be said of a change in words: sums over all pairs, and in how many clusters they lie. */
export type Change = { totals: PairedTotals; clusters: number };

/** Everything that anybody may ask of a metric, so that nobody has to know it by its name. */
export type Metric<T> = RatioMetric<T> | PooledMetric<T>;

export type Ties = 'against' | 'for';

type Described<T> = {
  /** As gates write it in fieldproof.yaml. */
  name: string;
  /** As a heading, where people call it something else than its name without hyphens. */
  title?: string;
  unit: Unit;
  better: 'more' | 'less';
  /** What it is to somebody who has not read any documentation, as the subject of a sentence: it rose, it fell. */
  inWords: string;
  /** What it is measured over, in the plural: events, samples, hours. */
  counted: string;
  /** What its trials are resampled by, in the plural, where that is not the sample or clip itself: identities. */
  clusters?: string;
  /**
   * The trial as it were had every tie in it been broken `against` the model, or `for` it; the very same where it holds none. Left
   * out where the metric does not hang on how ties break.
   */
  settled?(trial: T, ties: Ties): T;
  /**
   * The same of all trials at once, where what is tied lies in several of them; the very same list where the value does not move.
   */
  settledTogether?(trials: readonly T[], ties: Ties): readonly T[];
  /** What the field says beside the value of one release, such as its parts or a protocol's own error; null where there is nothing. */
  detail?(trials: readonly T[]): string | null;
  /** Another metric without which a gate on this one can be passed by cheating, and how; left out where there is none. */
  needs?: { metric: string; because: string };
};

/** Sums over trials, and sums over pairs of them: each trial has its share of the value. */
export type RatioMetric<T> = Described<T> & {
  kind: 'ratio';
  spread: Spread<T>;
  totals(trial: T): Totals;
  pair(candidate: T, reference: T): PairedTotals;
  /** What changed hands, in a few words. */
  explain(change: Change): string;
};

/**
 * A function of all trials at once, such as an area under a curve: no trial has a share of its own. It lies between 0 and 1.
 * Whatever does not depend on the weights is done once, in `prepare`, for it is asked thousands of times with other weights.
 */
export type PooledMetric<T> = Described<T> & {
  kind: 'pooled';
  unit: 'fraction';
  prepare(trials: readonly T[]): Prepared;
};

export type Prepared = {
  /** Where each trial counts as often as its weight says; null where it is not defined. */
  value: (weights: Float64Array) => number | null;
  /** How many trials there are of the rarest kind that it rests on, such as wrong answers among right ones. */
  support: number;
  /**
   * Of how many things it is a share, where these are more than `support`: should all be alike in what was seen, one in so many
   * may still be otherwise.
   */
  shareOf?: number;
  /** Why it is not defined, where it is not; what follows `there are`. */
  missing?: string;
};

/** Gained and lost from two numerators, for metrics in which only the net change of a trial can be seen. */
export function netChange(candidate: number, reference: number, better: 'more' | 'less'): { gained: number; lost: number } {
  const gain = better === 'more' ? candidate - reference : reference - candidate;
  return { gained: Math.max(0, gain), lost: Math.max(0, -gain) };
}

import type { Interval } from '../gate.ts';
import type { FieldPlace } from './iteration.ts';

/** What is believed of a number. `interval`: 90%, in the same unit. */
export type Belief = { value: number; interval: Interval };

/** What is expected of a release in the field. `probability`: of a gain above minus the margin. */
export type FieldForecast = { gain: Belief; probability: number };

/** A share with its 90% Wilson interval. */
export type Share = { value: number; low: number; high: number; n: number };

/** How far a research dataset tells of the field; the three add up to 1. */
export type SetStanding = {
  set: string;
  /** Field gain for each unit of research gain, of this set alone. */
  slope: Belief;
  predicts: number;
  saysNothing: number;
  misleads: number;
  verdict: 'predicts' | 'says nothing' | 'misleads' | 'not told yet';
  iterations: number;
};

/**
 * What is particular to a place, shrunk to the pool. `error`: typical standard error of a gain there, null where none was measured;
 * `teaches`: how much of the variance of what is particular to it one more iteration there is expected to take away, in the metric's
 * unit squared.
 */
export type PlaceStanding = FieldPlace & {
  iterations: number;
  offset: Belief;
  error: number | null;
  teaches: number;
  forecast: FieldForecast | null;
  state: 'measured' | 'insufficient';
};

/** How much more the bench promised than the field kept, and how that changes with each iteration. */
export type DemoGap = { gap: Belief; trend: Belief; verdict: 'closing' | 'widening' | 'steady' | 'not told yet' };

/** Mean squared error of stated probabilities, and what it is made of (Murphy 1973): reliability - resolution + uncertainty. */
export type Brier = { score: number; reliability: number; resolution: number; uncertainty: number };

/** How predictions fared that were committed before the field was looked at. */
export type TrackRecord = {
  iterations: number;
  brier: Brier;
  /** Of saying yes to everything; of saying yes to what gains on the bench. */
  alwaysShip: number;
  shipBenchGains: number | null;
  coverage: Share;
  signAgreement: Share | null;
  /** Kendall's tau-b of research against field, with its bootstrap interval over iterations. */
  tau: Belief | null;
  /** Stated probability against how often it came true, in bins of like probability. */
  calibration: readonly { stated: number; came: Share }[];
};

/**
 * How far the next iteration can be trusted. `insufficient`: a probability could still move too much as iterations come in, so it
 * decides nothing; what is believed is shown all the same. `excess`: by how much worse the Brier score is expected to be than that
 * of somebody who knew the truth, as a share of it; null: nothing tells.
 */
export type Confidence = {
  state: 'measured' | 'insufficient';
  have: number;
  /** Iterations after which it may suffice, as far as can be told. */
  need: number;
  excess: number | null;
  /** What is expected of a release like the last ones: null where no iteration has been seen. */
  next: FieldForecast | null;
  sets: readonly SetStanding[];
  places: readonly PlaceStanding[];
  gap: DemoGap | null;
  /** Null: fewer than two predictions have been answered. */
  track: TrackRecord | null;
};

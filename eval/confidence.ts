import type { Digest } from '#kernel';
import type { Estimate } from './gate.ts';
import { normalCdf } from './stats/distributions.ts';
import { wilson } from './stats/exact.ts';
import { Z } from './stats/level.ts';
import { standardErrorOf } from './stats/standard-error.ts';

/** One earlier iteration: what research said, what was therefore predicted of the field, and what the field showed. */
export type HistoryRow = { release: Digest; research: Estimate | null; predicted: Estimate; realised: Estimate };

/** A share with its 90% Wilson interval. */
export type Share = { value: number; low: number; high: number };

/**
 * How predictions have fared, once enough releases have been seen in the field.
 * `signAgreement`: how often research and field gains had the same sign. `coverage`: how often the field came out within
 * the predicted 90% interval, its own error allowed for. `brier`: mean squared error of the stated probability that the
 * field gain is above minus the margin; `naiveBrier`: of always saying yes.
 */
export type ConfidenceSummary =
  | { state: 'insufficient'; have: number; need: number }
  | { state: 'measured'; releases: number; signAgreement: Share; coverage: Share; brier: number; naiveBrier: number };

/** Fewer releases than this say nothing: 8 of 10 right is anything from a coin's luck to 94%. */
const ENOUGH = 15;

/** @param margin how much the field may lose, in the metric's unit */
export function judgePredictions(history: readonly HistoryRow[], margin = 0): ConfidenceSummary {
  const rows = history.flatMap((row) => answered(row));
  const signed = rows.filter(({ research, realised }) => research !== null && research !== 0 && realised !== 0);
  const have = Math.min(releasesIn(rows), releasesIn(signed));
  if (have < ENOUGH) return { state: 'insufficient', have, need: ENOUGH };
  return {
    state: 'measured',
    releases: have,
    signAgreement: share(signed, ({ research, realised }) => Math.sign(research ?? 0) === Math.sign(realised)),
    coverage: share(rows, ({ predicted, realised, error }) => Math.abs(realised - predicted) <= Z * error),
    brier: mean(rows, (row) => (probability(row, margin) - Number(row.realised > -margin)) ** 2),
    naiveBrier: mean(rows, ({ realised }) => Number(realised <= -margin)),
  };
}

/** A prediction and its answer. `error`: the standard error of their difference. */
type Answered = { release: Digest; research: number | null; predicted: number; realised: number; error: number };

function answered({ release, research, predicted, realised }: HistoryRow): Answered[] {
  const [stated, seen] = [standardErrorOf(predicted), standardErrorOf(realised)];
  if (predicted.value === null || realised.value === null || stated === null || seen === null) return [];
  const error = Math.hypot(stated, seen);
  return [{ release, research: research?.value ?? null, predicted: predicted.value, realised: realised.value, error }];
}

function probability({ predicted, error }: Answered, margin: number): number {
  return error > 0 ? normalCdf((predicted + margin) / error) : Number(predicted > -margin);
}

function releasesIn(rows: readonly Answered[]): number {
  return new Set(rows.map(({ release }) => release)).size;
}

function share(rows: readonly Answered[], holds: (row: Answered) => boolean): Share {
  const count = rows.filter((row) => holds(row)).length;
  return { value: count / rows.length, ...wilson(count, rows.length, Z) };
}

function mean(rows: readonly Answered[], of: (row: Answered) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
}

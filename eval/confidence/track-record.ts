import { normalCdf } from '../stats/distributions.ts';
import { wilson } from '../stats/exact.ts';
import { Z } from '../stats/level.ts';
import type { Iteration } from './iteration.ts';
import { rankAgreement } from './rank-agreement.ts';
import type { Brier, Share, TrackRecord } from './result.ts';

/** Older ones are no longer told of. */
const MOST = 500;
const BINS = 5;

/** A committed prediction and its answer. `stated`: the probability, as it was committed, that the field gain is above minus the margin. */
type Answered = { stated: number; came: boolean; within: boolean; research: number | null; realised: number };

/**
 * How committed predictions fared: nothing here knows more than was written down before the field was looked at.
 * @param lead the research set whose gains are held against the field's; null: there is none
 */
export function trackRecord(iterations: readonly Iteration[], margin: number, lead: string | null): TrackRecord | null {
  const rows = iterations.flatMap((iteration) => answered(iteration, margin, lead)).slice(-MOST);
  if (rows.length < 2) return null;
  const paired = rows.flatMap(({ research, realised, came }) => (research === null ? [] : [{ research, realised, came }]));
  const signed = paired.filter(({ research, realised }) => research !== 0 && realised !== 0);
  const agreeing = signed.filter(({ research, realised }) => research > 0 === realised > 0).length;
  return {
    iterations: rows.length,
    brier: brierOf(rows),
    alwaysShip: mean(rows, ({ came }) => Number(!came)),
    shipBenchGains: paired.length === 0 ? null : mean(paired, ({ research, came }) => Number(research > 0 !== came)),
    coverage: share(rows.filter(({ within }) => within).length, rows.length),
    signAgreement: signed.length === 0 ? null : share(agreeing, signed.length),
    tau: rankAgreement(paired.map(({ research, realised }) => [research, realised])),
    calibration: binsOf(rows).map((bin) => ({
      stated: mean(bin, ({ stated }) => stated),
      came: share(bin.filter(({ came }) => came).length, bin.length),
    })),
  };
}

function answered({ research, predicted, realised }: Iteration, margin: number, lead: string | null): Answered[] {
  if (predicted === null || realised === null) return [];
  const error = Math.hypot(predicted.error, realised.error);
  return [
    {
      stated: error > 0 ? normalCdf((predicted.value + margin) / error) : Number(predicted.value > -margin),
      came: realised.value > -margin,
      within: Math.abs(realised.value - predicted.value) <= Z * error,
      research: research.find(({ set }) => set === lead)?.gain.value ?? null,
      realised: realised.value,
    },
  ];
}

/** Murphy 1973, over bins of like probability; what varies within a bin is counted as reliability's, so that the three add up. */
function brierOf(rows: readonly Answered[]): Brier {
  const score = mean(rows, ({ stated, came }) => (stated - Number(came)) ** 2);
  const rate = mean(rows, ({ came }) => Number(came));
  const uncertainty = rate * (1 - rate);
  const resolution = binsOf(rows).reduce(
    (sum, bin) => sum + (bin.length / rows.length) * (mean(bin, ({ came }) => Number(came)) - rate) ** 2,
    0,
  );
  return { score, reliability: score + resolution - uncertainty, resolution, uncertainty };
}

/** Bins of equally many, by what was stated. */
function binsOf(rows: readonly Answered[]): Answered[][] {
  const sorted = rows.toSorted((a, b) => a.stated - b.stated);
  const bins = Math.min(BINS, Math.max(1, Math.floor(rows.length / 5)));
  return Array.from({ length: bins }, (_, bin) =>
    sorted.slice(Math.round((bin * rows.length) / bins), Math.round(((bin + 1) * rows.length) / bins)),
  );
}

function share(count: number, n: number): Share {
  return { value: count / n, ...wilson(count, n, Z), n };
}

function mean<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
}

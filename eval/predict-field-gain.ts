import type { HistoryRow } from './confidence.ts';
import type { Finding } from './finding.ts';
import type { Estimate } from './gate.ts';
import { normalCdf } from './stats/distributions.ts';
import { LEVEL } from './stats/level.ts';
import { standardErrorOf } from './stats/standard-error.ts';

type Unit = Extract<Finding['unit'], 'fraction' | 'per hour' | 'per image' | 'seconds'>;

/**
 * What is believed before any release: field gain = offset + slope x research gain + what is particular to a release.
 * Offset ~ N(0, offset^2), slope ~ N(mean, sd^2), releases ~ N(0, s^2) with s around `release`. In fractions most of a
 * research gain is expected to survive; of other units nothing is known but the scale.
 */
const PRIOR: Readonly<Record<Unit, { offset: number; slope: { mean: number; sd: number }; release: number }>> = {
  fraction: { offset: 0.02, slope: { mean: 0.75, sd: 0.5 }, release: 0.05 },
  'per hour': { offset: 0.5, slope: { mean: 0, sd: 20 }, release: 2 },
  'per image': { offset: 0.05, slope: { mean: 0, sd: 2 }, release: 0.2 },
  seconds: { offset: 0.2, slope: { mean: 0, sd: 5 }, release: 0.5 },
};
/** True research gains are mostly of this size: a noisy one is shrunk towards 0 accordingly. */
const TYPICAL_RESEARCH_GAIN = 0.05;
const SPREADS = Array.from({ length: 17 }, (_, step) => 2 ** ((step - 8) / 2));

type Row = { x: number; variance: number; y: number; error: number };
type Line = { offset: number; slope: number; offsetVariance: number; slopeVariance: number; covariance: number };
type Component = { weight: number; mean: number; sd: number };

/**
 * The field gain to expect of a research gain, from how earlier research gains fared (errors in both: research gains are
 * shrunk by their own error, field gains weighted by theirs; the spread between releases is integrated out).
 * @param history earlier iterations of the same model and metric
 * @param research top-1 gain on research data, as a fraction; null when there is none
 * @param unit of the field metric
 */
export function predictFieldGain(
  history: readonly HistoryRow[],
  research: Estimate | null,
  unit: Unit = 'fraction',
): { gain: Estimate; basis: string } {
  const rows = history.flatMap((row) => usable(row));
  const asked = shrink(research);
  const components = SPREADS.map((factor) => component(rows, asked, PRIOR[unit].release * factor, unit, factor));
  const mixture = normalised(components);
  const value = mixture.reduce((sum, { weight, mean }) => sum + weight * mean, 0);
  const releases = new Set(history.filter((row) => usable(row).length > 0).map(({ release }) => release)).size;
  const interval = { low: quantileOf(mixture, 1 - LEVEL), high: quantileOf(mixture, LEVEL) };
  return {
    gain: {
      value,
      interval,
      method: 'errors-in-variables regression, weakly informative prior',
      clusters: rows.length,
      n: rows.length,
    },
    basis:
      rows.length === 0
        ? `the prior alone: no earlier release has shown how ${research === null ? 'the field' : 'research gains'} fared`
        : `${rows.length} earlier iterations of ${releases} releases, and the prior`,
  };
}

function usable({ research, realised }: HistoryRow): Row[] {
  const error = standardErrorOf(realised);
  if (research?.value == null || realised.value === null || error === null) return [];
  return [{ ...shrink(research), y: realised.value, error }];
}

/** The true research gain given the measured one: its mean, and the variance that is left. */
function shrink(research: Estimate | null): Pick<Row, 'x' | 'variance'> {
  const prior = TYPICAL_RESEARCH_GAIN ** 2;
  const error = research === null ? null : standardErrorOf(research);
  if (research?.value == null || error === null) return { x: 0, variance: prior };
  const keep = prior / (prior + error ** 2);
  return { x: keep * research.value, variance: keep * error ** 2 };
}

/** The prediction if releases spread by so much, weighted by how well that explains what was seen. */
function component(
  rows: readonly Row[],
  asked: Pick<Row, 'x' | 'variance'>,
  spread: number,
  unit: Unit,
  factor: number,
): Component {
  const noise = ({ variance, error }: Row, slope: number) => spread ** 2 + error ** 2 + slope ** 2 * variance;
  const first = fit(rows, (row) => noise(row, PRIOR[unit].slope.mean), unit);
  const { line, logEvidence } = fit(rows, (row) => noise(row, first.line.slope), unit);
  const { x, variance } = asked;
  const uncertain = line.offsetVariance + 2 * x * line.covariance + x ** 2 * line.slopeVariance;
  const blurred = (line.slope ** 2 + line.slopeVariance) * variance;
  const logPrior = -0.5 * Math.log2(factor) ** 2;
  return { weight: logEvidence + logPrior, mean: line.offset + line.slope * x, sd: Math.sqrt(uncertain + blurred + spread ** 2) };
}

/** Rows come in one by one, each updating the normal belief about the line (a Kalman filter without motion). */
function fit(rows: readonly Row[], noise: (row: Row) => number, unit: Unit): { line: Line; logEvidence: number } {
  const { offset, slope } = PRIOR[unit];
  let line: Line = { offset: 0, slope: slope.mean, offsetVariance: offset ** 2, slopeVariance: slope.sd ** 2, covariance: 0 };
  let logEvidence = 0;
  for (const row of rows) {
    const towards = {
      offset: line.offsetVariance + row.x * line.covariance,
      slope: line.covariance + row.x * line.slopeVariance,
    };
    const variance = towards.offset + row.x * towards.slope + noise(row);
    const surprise = row.y - line.offset - line.slope * row.x;
    logEvidence -= 0.5 * (Math.log(variance) + surprise ** 2 / variance);
    line = {
      offset: line.offset + (towards.offset * surprise) / variance,
      slope: line.slope + (towards.slope * surprise) / variance,
      offsetVariance: line.offsetVariance - towards.offset ** 2 / variance,
      slopeVariance: line.slopeVariance - towards.slope ** 2 / variance,
      covariance: line.covariance - (towards.offset * towards.slope) / variance,
    };
  }
  return { line, logEvidence };
}

function normalised(components: readonly Component[]): Component[] {
  const most = Math.max(...components.map(({ weight }) => weight));
  const sum = components.reduce((all, { weight }) => all + Math.exp(weight - most), 0);
  return components.map((part) => ({ ...part, weight: Math.exp(part.weight - most) / sum }));
}

function quantileOf(mixture: readonly Component[], p: number): number {
  const cdf = (x: number) => mixture.reduce((sum, { weight, mean, sd }) => sum + weight * normalCdf((x - mean) / sd), 0);
  const reach = Math.max(...mixture.map(({ mean, sd }) => Math.abs(mean) + 40 * sd));
  let [low, high] = [-reach, reach];
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

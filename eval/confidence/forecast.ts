import { normalCdf, normalQuantile } from '../stats/distributions.ts';
import { LEVEL } from '../stats/level.ts';
import { sparseDot, sparseQuadratic, type Sparse } from '../stats/cholesky.ts';
import type { FieldDesign } from './field-model.ts';
import { hasPlaces, indexOf } from './field-model.ts';
import type { Weighted } from './fit-spreads.ts';
import { quadratic, type TrueGains } from './research-gains.ts';
import type { Belief, FieldForecast } from './result.ts';

export type FieldFit = { design: FieldDesign; beliefs: readonly Weighted[] };

/** A normal in a mixture, in ordinary gains. `unknown`: variance of its mean, which goes as iterations come in; `noise`: what stays. */
export type Part = { weight: number; mean: number; unknown: number; noise: number };

/** What of the field is asked about: a place by its index, or all places together. */
export type Where = number | 'everywhere';

/** The true field gain of a release of which research said this. */
export function forecastParts({ design, beliefs }: FieldFit, research: TrueGains, where: Where): Part[] {
  const row = rowOf(design, research, where);
  const { places } = design.data;
  const apart = where === 'everywhere' ? 1 / Math.max(1, places.length) : 1;
  return beliefs.map(({ weight, covariance, belief: { mean, spreads } }) => {
    const slopes = mean.subarray(1, 1 + design.data.research.sets.length);
    const noise = spreads.iteration ** 2 + apart * spreads.visit ** 2 + quadratic(research.blur, slopes);
    return { weight, mean: sparseDot(row, mean), unknown: sparseQuadratic(covariance, row), noise };
  });
}

function rowOf(design: FieldDesign, { expected }: TrueGains, where: Where): Sparse {
  const { data } = design;
  const common = { at: Array.from({ length: 1 + expected.length }, (_, at) => at), by: [1, ...expected] };
  if (!hasPlaces(data)) return common;
  const index = indexOf(design, expected);
  const places = where === 'everywhere' ? data.places.map((_, place) => place) : [where];
  const share = 1 / places.length;
  const first = 1 + expected.length;
  return {
    at: [...common.at, ...places.flatMap((place) => [first + 2 * place, first + 2 * place + 1])],
    by: [...common.by, ...places.flatMap(() => [share, share * index])],
  };
}

/** @param margin how much the field may lose, in the metric's unit; @param scale an ordinary gain */
export function forecastOf(parts: readonly Part[], margin: number, scale: number): FieldForecast {
  return { gain: beliefOf(parts, scale), probability: chanceAbove(parts, -margin / scale) };
}

export function beliefOf(parts: readonly Part[], scale: number): Belief {
  const value = parts.reduce((sum, { weight, mean }) => sum + weight * mean, 0);
  const interval = { low: scale * quantileOf(parts, 1 - LEVEL), high: scale * quantileOf(parts, LEVEL) };
  return { value: scale * value, interval };
}

export function chanceAbove(parts: readonly Part[], bound: number): number {
  return parts.reduce((sum, part) => sum + part.weight * normalCdf((part.mean - bound) / sdOf(part)), 0);
}

/** Nodes and weights of Gauss and Hermite for a standard normal. */
const NODES = [
  [-2.856970013872806, 0.011257411327720688],
  [-1.355626179974266, 0.2220759220056126],
  [0, 0.5333333333333333],
  [1.355626179974266, 0.2220759220056126],
  [2.856970013872806, 0.011257411327720688],
] as const;

/**
 * How much the chance itself is still unknown (its variance), beside what stays of chance when all is known. The Brier score of
 * whoever knew the truth is the second; whoever states the mean of what is believed pays the first on top.
 */
export function stillUnknown(parts: readonly Part[], bound: number): { unknown: number; chance: number } {
  let [mean, square] = [0, 0];
  for (const part of parts)
    for (const [z, share] of NODES) {
      const chance = normalCdf((part.mean + z * Math.sqrt(part.unknown) - bound) / Math.sqrt(part.noise));
      mean += part.weight * share * chance;
      square += part.weight * share * chance ** 2;
    }
  return { unknown: square - mean ** 2, chance: mean - square };
}

function sdOf({ unknown, noise }: Part): number {
  return Math.sqrt(unknown + noise);
}

/** By Newton's steps from the normal of the same mean and variance, kept within a bracket that halves where they would leave it. */
function quantileOf(parts: readonly Part[], p: number): number {
  const [mean, sd] = momentsOf(parts);
  let [low, high] = [mean - 40 * sd, mean + 40 * sd];
  let x = mean + sd * normalQuantile(p);
  for (let step = 0; step < 60; step += 1) {
    let [above, density] = [-p, 0];
    for (const part of parts) {
      const own = sdOf(part);
      const z = (x - part.mean) / own;
      above += part.weight * normalCdf(z);
      density += (part.weight * Math.exp(-0.5 * z ** 2)) / (own * Math.sqrt(2 * Math.PI));
    }
    if (above > 0) high = x;
    else low = x;
    const next = x - above / density;
    if (Math.abs(next - x) < 1e-10 * sd) return next;
    x = next > low && next < high ? next : (low + high) / 2;
  }
  return x;
}

function momentsOf(parts: readonly Part[]): [mean: number, sd: number] {
  const mean = parts.reduce((sum, part) => sum + part.weight * part.mean, 0);
  const variance = parts.reduce((sum, part) => sum + part.weight * (part.unknown + part.noise + (part.mean - mean) ** 2), 0);
  return [mean, Math.sqrt(variance)];
}

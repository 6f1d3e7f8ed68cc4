import { normalCdf } from '../stats/distributions.ts';
import { LEVEL } from '../stats/level.ts';
import { dot, solveLower } from '../stats/cholesky.ts';
import type { FieldDesign } from './field-model.ts';
import { hasPlaces, indexOf, sizeOf } from './field-model.ts';
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
  return beliefs.map(({ weight, belief: { mean, lower, spreads } }) => {
    const slopes = mean.subarray(1, 1 + design.data.research.sets.length);
    const noise = spreads.iteration ** 2 + apart * spreads.visit ** 2 + quadratic(research.blur, slopes);
    const reduced = solveLower(lower, row);
    return { weight, mean: dot(row, mean), unknown: dot(reduced, reduced), noise };
  });
}

function rowOf(design: FieldDesign, { expected }: TrueGains, where: Where): Float64Array {
  const { data } = design;
  const row = new Float64Array(sizeOf(data));
  row[0] = 1;
  row.set(expected, 1);
  if (!hasPlaces(data)) return row;
  const index = indexOf(design, expected);
  for (let place = 0; place < data.places.length; place += 1) {
    const share = where === 'everywhere' ? 1 / data.places.length : Number(place === where);
    const at = 1 + expected.length + 2 * place;
    row[at] = share;
    row[at + 1] = share * index;
  }
  return row;
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

function quantileOf(parts: readonly Part[], p: number): number {
  const below = (x: number) => parts.reduce((sum, part) => sum + part.weight * normalCdf((x - part.mean) / sdOf(part)), 0);
  let low = Math.min(...parts.map((part) => part.mean - 9 * sdOf(part)));
  let high = Math.max(...parts.map((part) => part.mean + 9 * sdOf(part)));
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (below(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

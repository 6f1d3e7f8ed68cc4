import { cholesky, dot, solve, square, type Square } from '../stats/cholesky.ts';
import type { Iteration, MeasuredGain } from './iteration.ts';
import { ordinaryGain } from './scales.ts';

/**
 * True research gains given the measured ones. Gains of one team on several sets go together, so a set that was not measured in an
 * iteration is told of by the others. `mean` and `spread`: of true gains over iterations.
 */
export type ResearchModel = { sets: readonly string[]; scales: Float64Array; mean: Float64Array; spread: Square };

/** `expected`: true gains, in ordinary ones; `blur`: their covariance. */
export type TrueGains = { expected: Float64Array; blur: Square };

/** Pseudo-iterations by which ordinary gains, independent of each other, are believed in beforehand. */
const BELIEVED = 4;
const ROUNDS = 25;
const SETTLED = 1e-3;

/** Normal gains with normal errors, by expectation and maximisation (Dempster, Laird and Rubin 1977) under a conjugate prior. */
export function learnResearch(iterations: readonly Iteration[]): ResearchModel {
  const units = new Map(iterations.flatMap(({ research }) => research.map(({ set, unit }) => [set, unit] as const)));
  const sets = [...units.keys()].toSorted();
  const scales = Float64Array.from(sets, (set) => ordinaryGain(units.get(set) ?? 'fraction'));
  let model: ResearchModel = { sets, scales, mean: new Float64Array(sets.length), spread: identity(sets.length) };
  const measured = iterations.map(({ research }) => new Map(research.map(({ set, gain }) => [set, gain])));
  for (let round = 0; round < ROUNDS && sets.length > 0; round += 1) {
    const next = maximise(
      model,
      measured.map((gains) => trueGains(model, gains)),
    );
    const moved = sets.some((_, at) => Math.abs(variance(next, at) / variance(model, at) - 1) > SETTLED);
    model = next;
    if (!moved) break;
  }
  return model;
}

function maximise(model: ResearchModel, believed: readonly TrueGains[]): ResearchModel {
  const size = model.sets.length;
  const mean = new Float64Array(size);
  for (const { expected } of believed) for (let at = 0; at < size; at += 1) mean[at] = (mean[at] ?? 0) + (expected[at] ?? 0);
  for (let at = 0; at < size; at += 1) mean[at] = (mean[at] ?? 0) / (believed.length + 1);
  const { cells } = identity(size);
  for (let cell = 0; cell < cells.length; cell += 1) cells[cell] = (cells[cell] ?? 0) * BELIEVED;
  for (const { expected, blur } of believed)
    for (let row = 0; row < size; row += 1)
      for (let column = 0; column < size; column += 1) {
        const apart = ((expected[row] ?? 0) - (mean[row] ?? 0)) * ((expected[column] ?? 0) - (mean[column] ?? 0));
        cells[row * size + column] = (cells[row * size + column] ?? 0) + apart + (blur.cells[row * size + column] ?? 0);
      }
  for (let cell = 0; cell < cells.length; cell += 1) cells[cell] = (cells[cell] ?? 0) / (BELIEVED + believed.length);
  return { ...model, mean, spread: { size, cells } };
}

/** @param measured by set; sets that are not in it were not measured, and sets that nobody knows say nothing */
export function trueGains({ sets, scales, mean, spread }: ResearchModel, measured: ReadonlyMap<string, MeasuredGain>): TrueGains {
  const size = sets.length;
  const seen = sets.flatMap((set, at) => {
    const gain = measured.get(set);
    const scale = scales[at] ?? 1;
    return gain === undefined ? [] : [{ at, value: gain.value / scale, variance: (gain.error / scale) ** 2 + 1e-9 }];
  });
  const together = square(seen.length);
  for (const [row, one] of seen.entries())
    for (const [column, other] of seen.entries())
      together.cells[row * seen.length + column] =
        (spread.cells[one.at * size + other.at] ?? 0) + (row === column ? one.variance : 0);
  const lower = cholesky(together);
  const surprise = solve(
    lower,
    Float64Array.from(seen, ({ at, value }) => value - (mean[at] ?? 0)),
  );
  const expected = Float64Array.from(mean);
  const blur = { size, cells: Float64Array.from(spread.cells) };
  for (let row = 0; row < size; row += 1) {
    const across = Float64Array.from(seen, ({ at }) => spread.cells[row * size + at] ?? 0);
    expected[row] = (expected[row] ?? 0) + dot(across, surprise);
    const known = solve(lower, across);
    for (let column = 0; column < size; column += 1) {
      const other = Float64Array.from(seen, ({ at }) => spread.cells[column * size + at] ?? 0);
      blur.cells[row * size + column] = (blur.cells[row * size + column] ?? 0) - dot(known, other);
    }
  }
  return { expected, blur };
}

function variance({ spread: { size, cells } }: ResearchModel, at: number): number {
  return cells[at * size + at] ?? 1;
}

function identity(size: number): Square {
  const unit = square(size);
  for (let at = 0; at < size; at += 1) unit.cells[at * size + at] = 1;
  return unit;
}

/** b'Cb. */
export function quadratic({ size, cells }: Square, b: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1) sum += (b[row] ?? 0) * (cells[row * size + column] ?? 0) * (b[column] ?? 0);
  return sum;
}

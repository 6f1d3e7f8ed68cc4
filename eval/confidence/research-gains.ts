import { cholesky, dot, solveLower, square, type Square } from '../stats/cholesky.ts';
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
  const seen = iterations.map(({ research }) => seenOf(model, new Map(research.map(({ set, gain }) => [set, gain]))));
  for (let round = 0; round < ROUNDS && sets.length > 0; round += 1) {
    const next = maximise(
      model,
      seen.map((gains) => believedOf(model, gains)),
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
export function trueGains(model: ResearchModel, measured: ReadonlyMap<string, MeasuredGain>): TrueGains {
  return believedOf(model, seenOf(model, measured));
}

/** Of each set that was measured, its place among all, and what was measured, in ordinary gains. */
type Seen = readonly { at: number; value: number; variance: number }[];

function seenOf({ sets, scales }: Pick<ResearchModel, 'sets' | 'scales'>, measured: ReadonlyMap<string, MeasuredGain>): Seen {
  return sets.flatMap((set, at) => {
    const gain = measured.get(set);
    const scale = scales[at] ?? 1;
    return gain === undefined ? [] : [{ at, value: gain.value / scale, variance: (gain.error / scale) ** 2 + 1e-9 }];
  });
}

function believedOf({ mean, spread }: ResearchModel, seen: Seen): TrueGains {
  const { size, cells } = spread;
  const together = square(seen.length);
  // A column for each set: how it goes together with those that were measured.
  const across = new Float64Array(size * seen.length);
  for (let row = 0; row < seen.length; row += 1) {
    const { at, variance: own } = seen[row] ?? NOTHING;
    for (let set = 0; set < size; set += 1) across[set * seen.length + row] = cells[set * size + at] ?? 0;
    for (let column = 0; column < seen.length; column += 1)
      together.cells[row * seen.length + column] =
        (cells[at * size + (seen[column] ?? NOTHING).at] ?? 0) + (row === column ? own : 0);
  }
  const lower = cholesky(together);
  const reduced = Array.from({ length: size }, (_, set) =>
    solveLower(lower, across.subarray(set * seen.length, (set + 1) * seen.length)),
  );
  const surprise = solveLower(
    lower,
    Float64Array.from(seen, ({ at, value }) => value - (mean[at] ?? 0)),
  );
  const expected = Float64Array.from(mean);
  const blur = { size, cells: Float64Array.from(cells) };
  for (const [row, own] of reduced.entries()) {
    expected[row] = (expected[row] ?? 0) + dot(own, surprise);
    for (const [column, other] of reduced.entries())
      blur.cells[row * size + column] = (blur.cells[row * size + column] ?? 0) - dot(own, other);
  }
  return { expected, blur };
}

const NOTHING = { at: 0, value: 0, variance: 0 };

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

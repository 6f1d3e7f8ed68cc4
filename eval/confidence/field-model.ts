import { cholesky, dot, logDeterminant, solve, square, type Square } from '../stats/cholesky.ts';
import type { FieldData, FieldRows } from './field-rows.ts';
import { quadratic } from './research-gains.ts';
import { PRIOR } from './scales.ts';

/**
 * Field gain of iteration i at place j = offset + slopes . research_i + offset_j + slope_j (slopes . research_i) + iteration_i + visit_ij,
 * measured with a known error. All but the spreads is normal, so that given them the answer is exact; see fit-spreads.ts for them.
 * `iteration`, `visit`, `offset`, `slope`: standard deviations of those four, in ordinary gains.
 */
export type Spreads = { iteration: number; visit: number; offset: number; slope: number };

/** What is believed of offset, slopes, and offset and slope of each place (in this order), if the spreads are these. */
export type FieldBelief = { spreads: Spreads; mean: Float64Array; lower: Square; logEvidence: number };

/** `slopes`: rough ones, for how much an error in research blurs the field, and for what each place's own slope multiplies. */
export type FieldDesign = { data: FieldData; slopes: Float64Array; prior: SlopePrior };

/** In ordinary gains: mean of each set's slope; all have one standard deviation. */
export type SlopePrior = { means: Float64Array; sd: number };

export function hasPlaces({ places }: FieldData): boolean {
  return places.length > 1;
}

export function sizeOf(data: FieldData): number {
  return 1 + data.research.sets.length + (hasPlaces(data) ? 2 * data.places.length : 0);
}

/** What each place's own slope multiplies. */
export function indexOf({ slopes, data }: FieldDesign, expected: Float64Array): number {
  let index = 0;
  for (let at = 0; at < slopes.length; at += 1)
    index += (slopes[at] ?? 0) * ((expected[at] ?? 0) - (data.research.mean[at] ?? 0));
  return index;
}

export function believe(design: FieldDesign, spreads: Spreads): FieldBelief {
  const system = priorSystem(design, spreads);
  for (const rows of design.data.rows) if (rows.gains.length > 0) addRows(system, design, spreads, rows);
  const lower = cholesky(system.precision);
  const mean = solve(lower, system.towards);
  const fit = system.misfit - dot(system.towards, mean);
  return { spreads, mean, lower, logEvidence: -0.5 * (system.logVariance + logDeterminant(lower) - system.logPrior + fit) };
}

/** Normal equations while rows are added to them. */
type System = { precision: Square; towards: Float64Array; misfit: number; logVariance: number; logPrior: number };

function priorSystem({ data, prior }: FieldDesign, spreads: Spreads): System {
  const size = sizeOf(data);
  const sets = data.research.sets.length;
  const precision = square(size);
  const towards = new Float64Array(size);
  let [logPrior, misfit] = [0, 0];
  for (let at = 0; at < size; at += 1) {
    const isOffset = (at - 1 - sets) % 2 === 0;
    const sd = at === 0 ? PRIOR.offset : at <= sets ? prior.sd : isOffset ? spreads.offset : spreads.slope;
    const mean = at > 0 && at <= sets ? (prior.means[at - 1] ?? 0) : 0;
    precision.cells[at * size + at] = 1 / sd ** 2;
    towards[at] = mean / sd ** 2;
    misfit += (mean / sd) ** 2;
    logPrior -= 2 * Math.log(sd);
  }
  return { precision, towards, misfit, logVariance: 0, logPrior };
}

/** Gains of one iteration have its own deviation, and the error of its research, in common: a diagonal and a rank of one. */
function addRows(system: System, design: FieldDesign, { iteration, visit }: Spreads, rows: FieldRows): void {
  const weights = rows.variances.map((variance) => 1 / (variance + visit ** 2));
  const shared = iteration ** 2 + quadratic(rows.research.blur, design.slopes);
  let [weight, sum, squares] = [0, 0, 0];
  for (let at = 0; at < weights.length; at += 1) {
    const [own, gain] = [weights[at] ?? 0, rows.gains[at] ?? 0];
    weight += own;
    sum += own * gain;
    squares += own * gain ** 2;
    system.logVariance -= Math.log(own);
  }
  const damping = shared / (1 + shared * weight);
  system.logVariance += Math.log1p(shared * weight);
  system.misfit += squares - damping * sum ** 2;
  const common = commonOf(rows.research.expected);
  addCommon(system, common, weight - damping * weight ** 2, sum - damping * weight * sum);
  if (hasPlaces(design.data)) addPlaces(system, design, rows, { common, weights, damping, weight, sum });
}

/** The columns that all places share: 1, and what research said. */
function commonOf(expected: Float64Array): Float64Array {
  const common = new Float64Array(1 + expected.length);
  common[0] = 1;
  common.set(expected, 1);
  return common;
}

function addCommon({ precision: { size, cells }, towards }: System, common: Float64Array, weight: number, sum: number): void {
  for (let row = 0; row < common.length; row += 1) {
    const own = common[row] ?? 0;
    towards[row] = (towards[row] ?? 0) + own * sum;
    for (let column = 0; column <= row; column += 1) {
      const cell = row * size + column;
      cells[cell] = (cells[cell] ?? 0) + weight * own * (common[column] ?? 0);
    }
  }
}

type Shared = { common: Float64Array; weights: Float64Array; damping: number; weight: number; sum: number };

/** Offset and slope of each place, two columns beside each other. */
function addPlaces({ precision: { size, cells }, towards }: System, design: FieldDesign, rows: FieldRows, shared: Shared): void {
  const { common, weights, damping, weight, sum } = shared;
  const index = indexOf(design, rows.research.expected);
  for (let at = 0; at < weights.length; at += 1) {
    const own = weights[at] ?? 0;
    const row = common.length + 2 * (rows.place[at] ?? 0);
    const pull = own * ((rows.gains[at] ?? 0) - damping * sum);
    towards[row] = (towards[row] ?? 0) + pull;
    towards[row + 1] = (towards[row + 1] ?? 0) + index * pull;
    const across = own * (1 - damping * weight);
    for (let column = 0; column < common.length; column += 1) {
      const value = across * (common[column] ?? 0);
      cells[row * size + column] = (cells[row * size + column] ?? 0) + value;
      cells[(row + 1) * size + column] = (cells[(row + 1) * size + column] ?? 0) + index * value;
    }
    for (let other = 0; other < weights.length; other += 1) {
      const column = common.length + 2 * (rows.place[other] ?? 0);
      if (column > row) continue;
      const value = (other === at ? own : 0) - damping * own * (weights[other] ?? 0);
      addBlock(cells, size, row, column, value, index);
    }
  }
}

function addBlock(cells: Float64Array, size: number, row: number, column: number, value: number, index: number): void {
  const [upper, lower] = [row * size + column, (row + 1) * size + column];
  cells[upper] = (cells[upper] ?? 0) + value;
  cells[lower] = (cells[lower] ?? 0) + index * value;
  cells[lower + 1] = (cells[lower + 1] ?? 0) + index ** 2 * value;
  if (column < row) cells[upper + 1] = (cells[upper + 1] ?? 0) + index * value;
}

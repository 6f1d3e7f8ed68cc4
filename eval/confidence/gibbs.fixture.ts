import { random } from '../stats/rng.ts';
import { fieldData } from './field-rows.ts';
import type { Iteration } from './iteration.ts';
import { ordinaryGain, PRIOR } from './scales.ts';
import { normals } from './worlds.fixture.ts';

/**
 * A reference for one research set: the same model by Gibbs's sampler, every unknown drawn in turn (true research gains, offset, slope,
 * offset and slope of each place, what is particular to an iteration) and each spread by a Metropolis step. It shares no line of
 * the answer's arithmetic, and takes a long run to say what quadrature says at once.
 * @param rough the slope that each place's own slope multiplies, which is fixed beforehand
 * @returns mean and standard deviation of offset + slope x, at a true research gain x (in ordinary gains) of a new place-less release
 */
export function gibbs(
  iterations: readonly Iteration[],
  rough: number,
  draws: number,
  seed: number,
): { offset: Moments; slope: Moments; spread: Moments } {
  const { rows, places, research } = fieldData(iterations, ordinaryGain('fraction'));
  const next = random(seed);
  const normal = normals(next);
  const measured = iterations.map(({ research: [only] }) => ({
    value: (only?.gain.value ?? 0) / ordinaryGain('fraction'),
    variance: ((only?.gain.error ?? 0) / ordinaryGain('fraction')) ** 2,
  }));
  const [mean, variance] = [research.mean[0] ?? 0, research.spread.cells[0] ?? 1];
  const state = {
    x: measured.map(({ value }) => value),
    offset: 0,
    slope: PRIOR.slope.alike as number,
    own: rows.map(() => 0),
    at: places.map(() => ({ offset: 0, slope: 0 })),
    log: { iteration: 0, visit: 0, offset: 0, slope: 0 },
  };
  const index = (i: number) => rough * ((state.x[i] ?? 0) - mean);
  const spread = (name: keyof typeof state.log) => PRIOR.spread[name].median * Math.exp(state.log[name]);
  const draw = (precision: number, pull: number) => pull / precision + normal() / Math.sqrt(precision);
  const kept = { offset: moments(), slope: moments(), spread: moments() };
  for (let step = 0; step < draws; step += 1) {
    const cells = rows.flatMap((row, i) =>
      Array.from(row.gains, (y, k) => ({ i, j: row.place[k] ?? 0, y, w: 1 / ((row.variances[k] ?? 0) + spread('visit') ** 2) })),
    );
    const place = (j: number) => state.at[j] ?? { offset: 0, slope: 0 };
    const fit = (i: number, j: number) =>
      state.offset + place(j).offset + state.slope * (state.x[i] ?? 0) + place(j).slope * index(i) + (state.own[i] ?? 0);
    const sums = (
      of: (cell: (typeof cells)[number]) => number,
      without: (cell: (typeof cells)[number]) => number,
      only: (cell: (typeof cells)[number]) => boolean = () => true,
    ) => {
      let [precision, pull] = [0, 0];
      for (const cell of cells) {
        if (!only(cell)) continue;
        const x = of(cell);
        precision += cell.w * x * x;
        pull += cell.w * x * (cell.y - fit(cell.i, cell.j) + without(cell));
      }
      return [precision, pull] as const;
    };
    let [p, q] = sums(
      () => 1,
      () => state.offset,
    );
    state.offset = draw(p + 1 / PRIOR.offset ** 2, q);
    [p, q] = sums(
      ({ i }) => state.x[i] ?? 0,
      ({ i }) => state.slope * (state.x[i] ?? 0),
    );
    state.slope = draw(p + 1 / PRIOR.slope.sd ** 2, q + PRIOR.slope.alike / PRIOR.slope.sd ** 2);
    for (const j of places.keys()) {
      const here = (cell: { j: number }) => cell.j === j;
      [p, q] = sums(
        () => 1,
        () => place(j).offset,
        here,
      );
      place(j).offset = draw(p + 1 / spread('offset') ** 2, q);
      [p, q] = sums(
        ({ i }) => index(i),
        ({ i }) => place(j).slope * index(i),
        here,
      );
      place(j).slope = draw(p + 1 / spread('slope') ** 2, q);
    }
    for (const i of rows.keys()) {
      const here = (cell: { i: number }) => cell.i === i;
      [p, q] = sums(
        () => 1,
        () => state.own[i] ?? 0,
        here,
      );
      state.own[i] = draw(p + 1 / spread('iteration') ** 2, q);
      const { value, variance: error } = measured[i] ?? { value: 0, variance: 1 };
      [p, q] = sums(
        ({ j }) => state.slope + rough * place(j).slope,
        ({ j }) => (state.slope + rough * place(j).slope) * (state.x[i] ?? 0),
        here,
      );
      state.x[i] = draw(p + 1 / error + 1 / variance, q + value / error + mean / variance);
    }
    const heights = {
      iteration: () => normalHeight(state.own, spread('iteration')),
      offset: () =>
        normalHeight(
          state.at.map(({ offset }) => offset),
          spread('offset'),
        ),
      slope: () =>
        normalHeight(
          state.at.map(({ slope }) => slope),
          spread('slope'),
        ),
      visit: () =>
        cells.reduce((sum, { i, j, y }, at) => {
          const v = spread('visit') ** 2 + (rowsVariance(rows, at) ?? 0);
          return sum - 0.5 * (Math.log(v) + (y - fit(i, j)) ** 2 / v);
        }, 0),
    };
    for (const name of ['iteration', 'visit', 'offset', 'slope'] as const) {
      const before = state.log[name];
      const height = () => heights[name]() - 0.5 * (state.log[name] / PRIOR.spread[name].sd) ** 2;
      const old = height();
      state.log[name] = before + 0.6 * normal();
      if (Math.log(next()) > height() - old) state.log[name] = before;
    }
    if (step < draws / 10) continue;
    kept.offset.add(state.offset);
    kept.slope.add(state.slope);
    kept.spread.add(Math.log(spread('iteration')));
  }
  return { offset: kept.offset.of(), slope: kept.slope.of(), spread: kept.spread.of() };
}

export type Moments = { mean: number; sd: number };

function moments() {
  let [n, sum, squares] = [0, 0, 0];
  return {
    add: (value: number) => {
      n += 1;
      sum += value;
      squares += value * value;
    },
    of: (): Moments => ({ mean: sum / n, sd: Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2)) }),
  };
}

function normalHeight(values: readonly number[], sd: number): number {
  return values.reduce((sum, value) => sum - 0.5 * (value / sd) ** 2 - Math.log(sd), 0);
}

/** The measuring variance of the nth gain, counted over all iterations. */
function rowsVariance(rows: ReturnType<typeof fieldData>['rows'], at: number): number | undefined {
  let left = at;
  for (const { variances } of rows) {
    if (left < variances.length) return variances[left];
    left -= variances.length;
  }
  return undefined;
}

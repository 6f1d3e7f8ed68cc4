import { inverse, type Square } from '../stats/cholesky.ts';
import { normalQuantile } from '../stats/distributions.ts';
import { believe, hasPlaces, type FieldBelief, type FieldDesign, type Spreads } from './field-model.ts';
import { PRIOR } from './scales.ts';

/** `covariance`: of what is believed, in the order of its mean. */
export type Weighted = { weight: number; belief: FieldBelief; covariance: Square };

/** Beliefs that are averaged over. */
const POINTS = 40;
/** The normal from which spreads are drawn is this much wider than the posterior is at its mode. */
const WIDER = 1.3;
const STEP = 0.25;
const MOST_STEPS = 12;

/**
 * Integrates over the spreads: points of Halton's sequence under a normal around the mode, each with its weight (importance
 * sampling; nothing is random). Spreads that nothing tells of keep their prior.
 */
export function fitSpreads(design: FieldDesign): Weighted[] {
  const names = hasPlaces(design.data)
    ? (['iteration', 'visit', 'offset', 'slope'] as const)
    : (['iteration'] as const satisfies readonly (keyof Spreads)[]);
  const spreadsAt = (point: readonly number[]): Spreads => {
    const at = new Map<keyof Spreads, number>(names.map((name, index) => [name, point[index] ?? 0]));
    const of = (name: keyof Spreads) =>
      names.length === 1 && name !== 'iteration' ? 1e-3 : PRIOR.spread[name].median * Math.exp(at.get(name) ?? 0);
    return { iteration: of('iteration'), visit: of('visit'), offset: of('offset'), slope: of('slope') };
  };
  const logPrior = (point: readonly number[]) =>
    names.reduce((sum, name, index) => sum - 0.5 * ((point[index] ?? 0) / PRIOR.spread[name].sd) ** 2, 0);
  const beliefAt = (point: readonly number[]) => {
    const belief = believe(design, spreadsAt(point));
    return { belief, height: belief.logEvidence + logPrior(point) };
  };
  const { mode, widths } = climb(
    (point) => beliefAt(point).height,
    names.map(() => 0),
    names.map((name) => PRIOR.spread[name].sd),
  );
  const points = Array.from({ length: POINTS }, (_, index) => names.map((_name, at) => normalQuantile(halton(index + 1, at))));
  const drawn = points.map((z) => {
    const { belief, height } = beliefAt(z.map((each, at) => (mode[at] ?? 0) + WIDER * (widths[at] ?? 1) * each));
    return { belief, height: height + z.reduce((sum, each) => sum + 0.5 * each ** 2, 0) };
  });
  const most = Math.max(...drawn.map(({ height }) => height));
  const total = drawn.reduce((sum, { height }) => sum + Math.exp(height - most), 0);
  return drawn.map(({ belief, height }) => ({
    belief,
    covariance: inverse(belief.lower),
    weight: Math.exp(height - most) / total,
  }));
}

/** Newton's method coordinate by coordinate, with steps that never leave what the prior allows. */
function climb(
  height: (point: readonly number[]) => number,
  start: readonly number[],
  sds: readonly number[],
): { mode: readonly number[]; widths: readonly number[] } {
  const mode = [...start];
  const widths = [...sds];
  let here = height(mode);
  for (let round = 0; round < MOST_STEPS; round += 1) {
    let moved = 0;
    for (let at = 0; at < mode.length; at += 1) {
      const value = mode[at] ?? 0;
      const beside = (by: number) => height(mode.map((each, other) => (other === at ? value + by : each)));
      const [below, above] = [beside(-STEP), beside(STEP)];
      const bend = (2 * here - below - above) / STEP ** 2;
      const sd = sds[at] ?? 1;
      widths[at] = bend > 0 ? Math.min(sd, 1 / Math.sqrt(bend)) : sd;
      const wanted = ((above - below) / (2 * STEP)) * (widths[at] ?? sd) ** 2;
      const by = Math.max(-1, Math.min(1, wanted));
      const there = beside(by);
      if (there <= here) continue;
      [mode[at], here] = [value + by, there];
      moved = Math.max(moved, Math.abs(by));
    }
    if (moved < 0.05) break;
  }
  return { mode, widths };
}

const BASES = [2, 3, 5, 7] as const;

/** The radical inverse of an index (Halton 1960). */
function halton(index: number, dimension: number): number {
  const base = BASES[dimension] ?? 2;
  let [value, share, rest] = [0, 1 / base, index];
  while (rest > 0) {
    value += (rest % base) * share;
    rest = Math.floor(rest / base);
    share /= base;
  }
  return value;
}

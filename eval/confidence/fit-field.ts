import type { Unit } from '#tasks';
import { believe, type FieldDesign, type SlopePrior } from './field-model.ts';
import { fieldData } from './field-rows.ts';
import { fitSpreads } from './fit-spreads.ts';
import type { FieldFit } from './forecast.ts';
import type { Iteration } from './iteration.ts';
import { ordinaryGain, PRIOR } from './scales.ts';

/** @param unit of the field metric */
export function fitField(iterations: readonly Iteration[], unit: Unit): FieldFit {
  const scale = ordinaryGain(unit);
  const data = fieldData(iterations, scale);
  const prior = slopePrior(iterations, data.research.sets, unit);
  let design: FieldDesign = { data, prior, slopes: prior.means };
  for (let round = 0; round < 2; round += 1) design = { ...design, slopes: roughSlopes(design) };
  return { design, beliefs: fitSpreads(design) };
}

function slopePrior(iterations: readonly Iteration[], sets: readonly string[], unit: Unit): SlopePrior {
  const units = new Map(iterations.flatMap(({ research }) => research.map(({ set, unit: own }) => [set, own] as const)));
  const alike = sets.filter((set) => units.get(set) === unit).length;
  const { alike: mean, unlike, sd } = PRIOR.slope;
  return { means: Float64Array.from(sets, (set) => (units.get(set) === unit ? mean / alike : unlike)), sd };
}

/** With spreads as they are believed to be beforehand. */
function roughSlopes(design: FieldDesign): Float64Array {
  const { iteration, visit, offset, slope } = PRIOR.spread;
  const { mean } = believe(design, {
    iteration: iteration.median,
    visit: visit.median,
    offset: offset.median,
    slope: slope.median,
  });
  return Float64Array.from(mean.subarray(1, 1 + design.slopes.length));
}

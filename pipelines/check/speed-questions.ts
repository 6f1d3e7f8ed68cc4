import { isPrecise, SET_OF_ORDERS, type LatencyBlock, type LatencyGate, type LatencyMetric } from '#eval';
import type { ChipsetConfig } from '../config/config.ts';
import type { PlannedModel } from './plan-model-change.ts';
import type { ResolvedRelease } from './resolve-release.ts';

/** What is asked of the speed of a model on a chipset: by the machine that measures it, and by whoever judges. */

/** Block pairs of one measurement; the protocol asks for 30 at least. A noisy machine is asked for more of them. */
export const PAIRS = 30;
export const MOST_PAIRS = 180;

/** Whether measuring ended where its own rule ends it: at another place, chance could have been waited for. */
export function endsWhereItShould(blocks: readonly LatencyBlock[], gates: readonly LatencyGate[]): boolean {
  const pairs = new Set(blocks.map(({ pair }) => pair)).size;
  const before = (count: number) => blocks.filter(({ pair }) => pair < count);
  let end = PAIRS;
  while (end < MOST_PAIRS && end < pairs && !isPrecise(before(end), gates)) end += SET_OF_ORDERS;
  return pairs === end && (end === MOST_PAIRS || isPrecise(blocks, gates));
}

export function isAskedOf(planned: PlannedModel, chipset: ChipsetConfig): boolean {
  const { budgets } = chipset;
  const gates = latencyGates(planned, chipset);
  return gates.length > 0 || Object.keys(latencyBudgets(chipset)).length > 0 || budgets.memory !== undefined;
}

export function latencyGates({ plan }: PlannedModel, chipset: ChipsetConfig): LatencyGate[] {
  return plan.model.gates.flatMap((gate) =>
    gate.kind === 'latency' && (gate.chipset === '*' || gate.chipset === chipset.name) ? [gate] : [],
  );
}

export function latencyBudgets({ budgets }: ChipsetConfig): Partial<Record<LatencyMetric, number>> {
  const { image: _image, memory: _memory, ...latency } = budgets;
  return latency;
}

/** The releases deployed there; null alone where the candidate is the first. */
export function baselinesOn({ references }: PlannedModel, chipset: ChipsetConfig): (ResolvedRelease | null)[] {
  const here = references.filter(({ role, chipsets }) => role === 'baseline' && chipsets.includes(chipset.name));
  return here.length === 0 ? [null] : here.map(({ resolved }) => resolved);
}

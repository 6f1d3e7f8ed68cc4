import { sameRelease, type Release } from '#kernel';
import type { LatencyGate, LatencyMetric } from '#eval';
import type { ChipsetConfig } from '#config';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import type { ResolvedRelease } from '#pipelines/releases';

/** What is asked of the speed of a model on a chipset: by the machine that measures it, and by whoever judges. */

export function isAskedOf(planned: Pick<PlannedModel, 'plan'>, chipset: ChipsetConfig): boolean {
  const { budgets } = chipset;
  const gates = latencyGates(planned, chipset);
  return gates.length > 0 || Object.keys(latencyBudgets(chipset)).length > 0 || budgets.memory !== undefined;
}

export function latencyGates({ plan }: Pick<PlannedModel, 'plan'>, chipset: ChipsetConfig): LatencyGate[] {
  return plan.model.gates.flatMap((gate) =>
    gate.kind === 'latency' && (gate.chipset === '*' || gate.chipset === chipset.name) ? [gate] : [],
  );
}

export function latencyBudgets({ budgets }: ChipsetConfig): Partial<Record<LatencyMetric, number>> {
  const { image: _image, memory: _memory, ...latency } = budgets;
  return latency;
}

/** What a candidate is measured against there. `identity` false: the same release is compared like any other. */
export function speedAgainst(
  candidate: Release,
  baseline: Pick<ResolvedRelease, 'release'> | null,
  { identity }: { identity: boolean },
): 'nothing' | 'itself' | 'baseline' {
  if (baseline === null) return 'nothing';
  return identity && sameRelease(candidate, baseline.release) ? 'itself' : 'baseline';
}

/** The releases deployed there; null alone where the candidate is the first. */
export function baselinesOn(
  { references }: Pick<PlannedModel, 'references'>,
  chipset: ChipsetConfig,
): (ResolvedRelease | null)[] {
  const here = references.filter(({ role, chipsets }) => role === 'baseline' && chipsets.includes(chipset.name));
  return here.length === 0 ? [null] : here.map(({ resolved }) => resolved);
}

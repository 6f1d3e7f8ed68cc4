import { sameRelease } from '#kernel';
import type { LatencyGate, LatencyMetric } from '#eval';
import type { ChipsetConfig } from '#config';
import type { ResolvedRelease } from '#pipelines/releases';
import type { Present } from '../plan/plan-comparisons.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';

/** What is asked of the speed of a candidate on one chipset: by the machine that measures it, and by whoever judges. */
export type SpeedQuestion = {
  here: Present;
  gates: readonly LatencyGate[];
  /** Milliseconds. */
  budgets: Partial<Record<LatencyMetric, number>>;
  /** The release that it runs beside; null where none is deployed there yet. */
  baseline: ResolvedRelease | null;
  /**
   * What the candidate is measured against. `nothing`: no release is deployed yet. `itself`: the same release is, so its ratios
   * pass, whatever was measured.
   */
  against: 'nothing' | 'itself' | 'baseline';
};

/**
 * One for each chipset of which speed or memory is asked, and each release deployed there; none where no gate names a dataset, for
 * then there is nothing to show to a model. `identity` false: the same release is compared like any other.
 */
export function speedQuestions(
  { plan, candidate, references }: Pick<PlannedModel, 'plan' | 'candidate' | 'references'>,
  present: readonly Present[],
  { identity }: { identity: boolean },
): SpeedQuestion[] {
  if (plan.datasets.research.length + plan.datasets.replay.length === 0) return [];
  return present.flatMap((here): SpeedQuestion[] => {
    const { chipset } = here;
    const gates = plan.model.gates.flatMap((gate) =>
      gate.kind === 'latency' && (gate.chipset === '*' || gate.chipset === chipset.name) ? [gate] : [],
    );
    const budgets = latencyBudgets(chipset);
    const isAsked =
      (chipset.scenarios ?? []).length > 0 ||
      gates.length > 0 ||
      Object.keys(budgets).length > 0 ||
      chipset.budgets.memory !== undefined;
    if (!isAsked) return [];
    const deployed = references.filter(({ role, chipsets }) => role === 'baseline' && chipsets.includes(chipset.name));
    if (deployed.length === 0) return [{ here, gates, budgets, baseline: null, against: 'nothing' }];
    return deployed.map(({ resolved }) => {
      const isItself = identity && sameRelease(candidate.release, resolved.release);
      return { here, gates, budgets, baseline: resolved, against: isItself ? 'itself' : 'baseline' };
    });
  });
}

function latencyBudgets({ budgets }: Pick<ChipsetConfig, 'budgets'>): SpeedQuestion['budgets'] {
  const { image: _image, memory: _memory, ...latency } = budgets;
  return latency;
}

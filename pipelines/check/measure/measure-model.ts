import { digestOfJson } from '#kernel';
import type { Round, OpenDataset } from '#datasets';
import type { Subject } from '#eval';
import type { Machine } from '#runners';
import type { MeasureContext } from '../check-context.ts';
import type { ModelPart } from '../parts/part.ts';
import { planComparisons, type Comparison } from '../plan/plan-comparisons.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import { measureChipsets } from '../speed/measure-chipsets.ts';
import { collectTogether } from '../early/collect-together.ts';
import { mayStop } from '../early/early-looks.ts';
import { collectAnswers, type Collected } from './collect-answers.ts';

/** Asks candidate and references on the chipsets that this machine is. What comes of it are answers, with no word of truth. */
export async function measureModel(
  round: Round,
  planned: PlannedModel,
  machine: Machine,
  context: MeasureContext,
): Promise<ModelPart> {
  const { plan, candidate } = planned;
  const { present, comparisons } = planComparisons(planned, [machine]);
  const { sets, stopped } = await collectEach(planned.datasets[round], comparisons, planned, context);
  const speed =
    round === 'replay' && stopped === undefined ? await measureChipsets(planned, present, context) : { speeds: [], peaks: [] };
  const answers = sets.map((set) => ({ ...set, answers: [...set.answers] }));
  return {
    ...machine,
    round,
    measured: { model: plan.model.name, candidate: candidate.release, answers, ...speed, ...(stopped && { stopped }) },
  };
}

/** Each subject once, also where it is compared with several. */
async function collectEach(
  datasets: readonly OpenDataset[],
  comparisons: readonly Comparison[],
  planned: PlannedModel,
  context: MeasureContext,
): Promise<{ sets: Collected[]; stopped: ModelPart['measured']['stopped'] }> {
  const { ports, pool, request, seed } = context;
  const { answers, progress } = ports;
  const collector = { answers, progress, pool, fresh: request.fresh, threshold: planned.plan.model.threshold };
  const collected = new Map<string, Collected>();
  for (const open of datasets) {
    for (const comparison of comparisons) {
      const { candidate, reference } = comparison;
      const keep = (subject: Subject, set: Collected) =>
        collected.set(digestOfJson([open.dataset.name, subject.release, subject.chipset.name]), set);
      if (reference !== null && mayStop({ open, comparison }, planned, context)) {
        const together = await collectTogether({ open, comparison: { ...comparison, reference } }, planned, seed, collector);
        together.sets.forEach((set, side) => keep(side === 0 ? candidate : reference, set));
        const [chipset = ''] = comparison.chipsets;
        if (together.stopped !== null)
          return { sets: distinct(collected), stopped: { dataset: open.dataset.name, chipset, asked: together.stopped } };
      }
      for (const subject of reference === null ? [candidate] : [candidate, reference]) {
        const name = digestOfJson([open.dataset.name, subject.release, subject.chipset.name]);
        if (!collected.has(name)) collected.set(name, await collectAnswers(subject, open, collector));
      }
    }
  }
  return { sets: distinct(collected), stopped: undefined };
}

/** Two subjects of one key answered alike. */
function distinct(collected: ReadonlyMap<string, Collected>): Collected[] {
  return [...new Map([...collected.values()].map((set) => [digestOfJson(set.key), set])).values()];
}

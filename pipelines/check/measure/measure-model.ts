import { digestOfJson } from '#kernel';
import type { Round, OpenDataset } from '#datasets';
import type { Machine } from '#runners';
import type { MeasureContext } from '../check-context.ts';
import type { ModelPart } from '../parts/part.ts';
import { planComparisons, type Comparison } from '../plan/plan-comparisons.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import { measureChipsets } from '../speed/measure-chipsets.ts';
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
  const sets = await collectEach(planned.datasets[round], comparisons, planned, context);
  const speed = round === 'replay' ? await measureChipsets(planned, present, context) : { speeds: [], peaks: [] };
  const answers = sets.map((set) => ({ ...set, answers: [...set.answers] }));
  return { ...machine, round, measured: { model: plan.model.name, candidate: candidate.release, answers, ...speed } };
}

/** Each subject once, also where it is compared with several. */
async function collectEach(
  datasets: readonly OpenDataset[],
  comparisons: readonly Comparison[],
  { plan }: PlannedModel,
  { ports, pool, request }: MeasureContext,
): Promise<Collected[]> {
  const { answers, progress } = ports;
  const collector = { answers, progress, pool, fresh: request.fresh, threshold: plan.model.threshold };
  const collected = new Map<string, Collected>();
  for (const open of datasets) {
    for (const { candidate, reference } of comparisons) {
      for (const subject of reference === null ? [candidate] : [candidate, reference]) {
        const name = digestOfJson([open.dataset.name, subject.release, subject.chipset.name]);
        if (!collected.has(name)) collected.set(name, await collectAnswers(subject, open, collector));
      }
    }
  }
  return [...new Map([...collected.values()].map((set) => [digestOfJson(set.key), set])).values()];
}

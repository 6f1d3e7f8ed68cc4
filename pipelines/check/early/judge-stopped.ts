import { canonicalJson } from '#kernel';
import { trialKey, type Finding, type Subject } from '#eval';
import { appendFacts } from '#history';
import { evaluationFact } from '../judge/evaluation-fact.ts';
import type { CheckContext } from '../check-context.ts';
import { PartRefused, type PartPlace } from '../parts/part-refused.ts';
import type { ModelPart } from '../parts/part.ts';
import { planComparisons } from '../plan/plan-comparisons.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import { drawOrder, looksAt } from './draw-order.ts';
import { lookAt, mayStop } from './early-looks.ts';

/** Where a part ended early: of which dataset, after how many samples. */
type Stop = NonNullable<ModelPart['measured']['stopped']>;
export type StoppedPart = ModelPart & { measured: { stopped: Stop } };

/** Parts that say that they ended early. */
export function stoppedOf(parts: readonly ModelPart[]): StoppedPart[] {
  return parts.filter((part): part is StoppedPart => part.measured.stopped !== undefined);
}

export type JudgedStop = { findings: Finding[]; stopped: { dataset: string; asked: number; of: number } };

/**
 * What a part that ended early says against the candidate, found anew from its answers: nobody is taken at their word that it had to end.
 * @throws PartRefused where policy lets nothing end early, or these answers are no reason to
 */
export async function judgeStopped(part: StoppedPart, planned: PlannedModel, context: CheckContext): Promise<JudgedStop> {
  const { dataset: name, chipset, asked } = part.measured.stopped;
  const from = { round: part.round, chipset };
  const open = planned.datasets[part.round].find(({ dataset }) => dataset.name === name);
  const { comparisons } = planComparisons(planned, [part]);
  const comparison = comparisons.find(({ chipsets, role }) => role === 'baseline' && chipsets.includes(chipset));
  if (open === undefined || comparison === undefined || comparison.reference === null)
    throw new PartRefused(from, 'it ended early where nothing is compared');
  const about = { open, comparison };
  if (!mayStop(about, planned, context)) throw new PartRefused(from, 'it ended early, and policy says that nothing does');
  const order = drawOrder(open.dataset, context.seed);
  if (!looksAt(order.length).includes(asked))
    throw new PartRefused(from, `it ended after ${asked} of ${order.length}, and nobody looks there`);
  const answersOf = (subject: Subject) => setOf(part, subject, { planned, open, from });
  const answers = { candidate: answersOf(comparison.candidate), reference: answersOf(comparison.reference) };
  const look = await lookAt(order.slice(0, asked), answers, about, planned);
  if ('refused' in look) throw new PartRefused(from, look.refused);
  if (look.failing.length === 0) throw new PartRefused(from, `it ended early, and its ${asked} answers are no reason to`);
  const key = trialKey(comparison.candidate, open.dataset, planned.plan.model.threshold);
  const evaluated = { model: planned.plan.model.name, head: context.change.head, dataset: open.dataset, key };
  await appendFacts(context.ports.ledger, [evaluationFact({ ...evaluated, trials: look.trials.candidate })]);
  return { findings: look.failing, stopped: { dataset: name, asked, of: order.length } };
}

function setOf(
  { measured }: ModelPart,
  subject: Subject,
  { planned, open, from }: { planned: PlannedModel; open: PlannedModel['datasets']['replay'][number]; from: PartPlace },
) {
  const wanted = canonicalJson(trialKey(subject, open.dataset, planned.plan.model.threshold));
  const found = measured.answers.find(({ key }) => canonicalJson(key) === wanted);
  if (found === undefined) throw new PartRefused(from, `it holds no answers of the ${subject.label} to ${open.dataset.name}`);
  return found.answers;
}

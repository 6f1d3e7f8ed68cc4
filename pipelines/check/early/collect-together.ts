import type { OpenDataset } from '#datasets';
import type { Progress } from '#kernel';
import { askingTogetherStep } from '../measure/asking-steps.ts';
import { collectAnswers, type Collected, type Collector } from '../measure/collect-answers.ts';
import type { Comparison } from '../plan/plan-comparisons.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import { drawOrder, looksAt } from './draw-order.ts';
import { lookAt } from './early-looks.ts';

/** Both sides of a comparison on a dataset. `stopped`: after so many it was sure that the candidate fails, and the others were not asked. */
export type Together = { sets: readonly Collected[]; stopped: number | null };

/** Candidate and deployed release are asked about the same samples in turn, in the order that was drawn, and looked at between. */
export async function collectTogether(
  { open, comparison }: { open: OpenDataset; comparison: Comparison & { reference: NonNullable<Comparison['reference']> } },
  planned: Pick<PlannedModel, 'plan'>,
  seed: number,
  to: Collector,
): Promise<Together> {
  const { candidate, reference } = comparison;
  const order = drawOrder(open.dataset, seed);
  const where = { dataset: open.dataset.name, chipset: candidate.chipset.name };
  to.progress.step(askingTogetherStep(where), 2 * order.length);
  const quiet = { ...to, progress: withoutSteps(to.progress) };
  let both: Both | null = null;
  let asked = 0;
  for (const at of [...looksAt(order.length), order.length]) {
    // Each is asked once, also where nothing that was kept is reused.
    const some = new Set(order.slice(asked, at));
    const more = {
      candidate: await collectAnswers(candidate, open, quiet, some),
      reference: await collectAnswers(reference, open, quiet, some),
    };
    both =
      both === null
        ? more
        : { candidate: joined(both.candidate, more.candidate), reference: joined(both.reference, more.reference) };
    asked = at;
    if (at === order.length) break;
    const answers = { candidate: both.candidate.answers, reference: both.reference.answers };
    const look = await lookAt(order.slice(0, at), answers, { open, comparison }, planned);
    if ('failing' in look && look.failing.length > 0) return { sets: [both.candidate, both.reference], stopped: at };
  }
  return { sets: both === null ? [] : [both.candidate, both.reference], stopped: null };
}

type Both = { candidate: Collected; reference: Collected };

function joined(before: Collected, more: Collected): Collected {
  return { ...more, answers: [...before.answers, ...more.answers], reused: before.reused + more.reused };
}

/** Every few samples a new step would be a screen full of them. */
function withoutSteps(progress: Progress): Progress {
  return { step: () => {}, advance: (count) => progress.advance(count), note: (text) => progress.note(text) };
}

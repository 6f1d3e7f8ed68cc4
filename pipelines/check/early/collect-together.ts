import type { OpenDataset } from '#datasets';
import type { Progress } from '#kernel';
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
  const looks = looksAt(order.length);
  to.progress.step(`${open.dataset.name}: candidate beside baseline, in random order`, 2 * order.length);
  const quiet = { ...to, progress: withoutSteps(to.progress) };
  const askBoth = async (ids: readonly string[]) => {
    const some = new Set(ids);
    return {
      candidate: await collectAnswers(candidate, open, quiet, some),
      reference: await collectAnswers(reference, open, quiet, some),
    };
  };
  for (const at of looks) {
    const ids = order.slice(0, at);
    const both = await askBoth(ids);
    const look = await lookAt(
      ids,
      { candidate: both.candidate.answers, reference: both.reference.answers },
      { open, comparison },
      planned,
    );
    if ('failing' in look && look.failing.length > 0) return { sets: [both.candidate, both.reference], stopped: at };
  }
  const whole = await askBoth(order);
  return { sets: [whole.candidate, whole.reference], stopped: null };
}

/** Every few samples a new step would be a screen full of them. */
function withoutSteps(progress: Progress): Progress {
  return { step: () => {}, advance: (count) => progress.advance(count), note: (text) => progress.note(text) };
}

import type { Dataset, OpenDataset } from '#datasets';
import { trialKey, type Gate } from '#eval';
import { scoreAnswers, taskOf, type Trial } from '#tasks';
import type { CheckContext, CheckRequest } from '../check-context.ts';
import { isLookedAt } from '../early/early-looks.ts';
import { askingStep, askingTogetherStep } from '../measure/asking-steps.ts';
import { detectChipsets } from '../measure/detect-chipsets.ts';
import type { CheckPorts } from '../ports.ts';
import { speedQuestions } from '../speed/speed-questions.ts';
import { speedSteps } from '../speed/speed-steps.ts';
import { gatherCheck } from './gather-check.ts';
import { planComparisons, type Comparison } from './plan-comparisons.ts';
import { planModelChange } from './plan-model-change.ts';

/** A dataset of a model, and what is kept of how the release does on it that a change will be compared with. */
export type KeptSet = {
  open: OpenDataset;
  /** As a finding names them. */
  chipsets: string;
  /** Null where that release was not asked here yet, or not all of it. */
  trials: readonly Trial[] | null;
  /** What progress calls the steps in which a change and that release are asked. */
  steps: AskingSteps;
};

/** `together`: null where a check does not end before the dataset does. */
export type AskingSteps = { candidate: string; baseline: string; together: string | null };

export type KeptModel = {
  model: string;
  gates: readonly Gate[];
  sets: readonly KeptSet[];
  /** What progress calls the steps in which speed is measured. */
  speed: readonly string[];
};

export type Kept = { models: readonly KeptModel[]; ledger: CheckPorts['ledger']; seed: number };

/**
 * What is known before anybody measures: gates and data of a commit, and the answers of the release that is deployed. Runs no model.
 * Null where the commit says nothing of how to judge.
 */
export async function gatherKept(request: CheckRequest, ports: CheckPorts): Promise<Kept | null> {
  const gathered = await gatherCheck(request, ports, 'read');
  if (gathered.kind === 'unjudged') return null;
  const { context } = gathered;
  const models: KeptModel[] = [];
  try {
    for (const change of context.change.models) models.push(await keptOf(change, context));
  } finally {
    await ports.repository.discard();
  }
  return { models, ledger: context.ports.ledger, seed: context.seed };
}

async function keptOf(change: CheckContext['change']['models'][number], context: CheckContext): Promise<KeptModel> {
  const planned = await planModelChange(change, context);
  const machine = await detectChipsets(context.change.config.chipsets, null, context.ports.runner);
  const { present, comparisons } = planComparisons(planned, [machine]);
  const sets: KeptSet[] = [];
  for (const open of [...planned.datasets.research, ...planned.datasets.replay]) {
    for (const comparison of comparisons.filter(({ role }) => role === 'baseline')) {
      const trials = await trialsOf(comparison, open, change.model.threshold, context.ports);
      const steps = stepsOf(comparison, open.dataset, isLookedAt(open.dataset, planned, context.change.config));
      sets.push({ open, chipsets: comparison.chipsets.join(', '), trials, steps });
    }
  }
  const speed = speedQuestions(planned, present, { identity: false }).flatMap((question) => speedSteps(question));
  return { model: change.model.name, gates: change.model.gates, sets, speed };
}

function stepsOf({ candidate, reference }: Comparison, dataset: Dataset, isLooked: boolean): AskingSteps {
  const asked = { dataset: dataset.name, chipset: candidate.chipset.name };
  return {
    candidate: askingStep('candidate', asked),
    baseline: askingStep('baseline', asked),
    together: isLooked && reference !== null ? askingTogetherStep(asked) : null,
  };
}

/** Of the reference; where nothing is deployed yet, of the candidate, which is what will be. */
async function trialsOf(
  { candidate, reference }: Comparison,
  open: OpenDataset,
  threshold: number | null,
  ports: Pick<CheckPorts, 'answers'>,
): Promise<readonly Trial[] | null> {
  const { dataset } = open;
  const store = ports.answers(taskOf(dataset));
  const answers = await store.read(trialKey(reference ?? candidate, dataset, threshold));
  if (answers.length === 0) return null;
  const seconds = new Map<string, number>();
  if (dataset.medium === 'clips') for (const clip of dataset.clips) seconds.set(clip.id, await open.seconds(clip));
  const scored = scoreAnswers(dataset, answers, seconds);
  return scored.kind === 'scored' ? scored.trials : null;
}

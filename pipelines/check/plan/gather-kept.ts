import type { OpenDataset } from '#datasets';
import { trialKey, type Gate } from '#eval';
import { scoreAnswers, taskOf, type Trial } from '#tasks';
import type { CheckContext, CheckRequest } from '../check-context.ts';
import { detectChipsets } from '../measure/detect-chipsets.ts';
import type { CheckPorts } from '../ports.ts';
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
};

export type KeptModel = { model: string; gates: readonly Gate[]; sets: readonly KeptSet[]; chipsets: readonly string[] };

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
      sets.push({ open, chipsets: comparison.chipsets.join(', '), trials });
    }
  }
  return { model: change.model.name, gates: change.model.gates, sets, chipsets: present.map(({ chipset }) => chipset.name) };
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

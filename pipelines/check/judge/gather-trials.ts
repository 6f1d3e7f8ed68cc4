import { canonicalJson } from '#kernel';
import type { OpenDataset } from '#datasets';
import { trialKey, type Served, type Subject, type TrialKey } from '#eval';
import { appendFacts } from '#history';
import { scoreAnswers, type Answer, type Trial } from '#tasks';
import type { ModelPart } from '../parts/part.ts';
import { PartRefused, type PartPlace } from '../parts/part-refused.ts';
import type { Comparison } from '../plan/plan-comparisons.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import type { CheckPorts } from '../ports.ts';
import { evaluationFact } from './evaluation-fact.ts';
import type { Change } from '../plan/gather-change.ts';

/** The answers of one subject to one dataset, held against the truth. */
export type TrialSet = Served & { key: TrialKey; trials: readonly Trial[]; reused: number };

/** The trials of both sides of one comparison on one dataset. */
export type Scored = { comparison: Comparison; open: OpenDataset; candidate: TrialSet; reference: TrialSet | null };

type Gathering = { change: Pick<Change, 'head'>; ports: Pick<CheckPorts, 'ledger'> };

/** Trials from the parts of one round. That they were made is in the ledger before anything follows from them. */
export async function gatherTrials(
  { plan, datasets }: Pick<PlannedModel, 'plan' | 'datasets'>,
  comparisons: readonly Comparison[],
  parts: readonly ModelPart[],
  context: Gathering,
): Promise<Scored[]> {
  const gathered = new Map<string, Promise<TrialSet>>();
  const once = async (open: OpenDataset, subject: Subject) => {
    const name = canonicalJson([open.dataset.name, subject.release, subject.chipset.name]);
    const gathering = gathered.get(name) ?? gather(plan.model, open, subject, partOn(subject, parts), context);
    gathered.set(name, gathering);
    return await gathering;
  };
  const scored: Scored[] = [];
  for (const round of new Set(parts.map((part) => part.round))) {
    for (const open of datasets[round]) {
      for (const comparison of comparisons) {
        const candidate = await once(open, comparison.candidate);
        const reference = comparison.reference === null ? null : await once(open, comparison.reference);
        scored.push({ comparison, open, candidate, reference });
      }
    }
  }
  return scored;
}

/** @throws PartRefused when the part holds no answers of the subject, or none that can be answers to this dataset */
async function gather(
  model: PlannedModel['plan']['model'],
  open: OpenDataset,
  subject: Subject,
  part: ModelPart,
  { change, ports }: Gathering,
): Promise<TrialSet> {
  const { dataset } = open;
  const from = { round: part.round, chipset: subject.chipset.name };
  const set = setOf(part.measured.answers, trialKey(subject, dataset, model.threshold), dataset.name, from);
  const scored = scoreAnswers(dataset, set.answers, await lengthsOf(open));
  if (scored.kind === 'refused') throw new PartRefused(from, scored.reason);
  const { trials } = scored;
  await appendFacts(ports.ledger, [evaluationFact({ model: model.name, head: change.head, dataset, key: set.key, trials })]);
  return { key: set.key, labels: set.labels, manner: set.manner, trials, reused: set.reused };
}

/** Of every clip, as this machine measures it. */
async function lengthsOf(open: OpenDataset): Promise<ReadonlyMap<string, number>> {
  const seconds = new Map<string, number>();
  if (open.dataset.medium === 'clips') for (const clip of open.dataset.clips) seconds.set(clip.id, await open.seconds(clip));
  return seconds;
}

/** The part of the machine that is the subject's chipset: no other machine answers for it. */
function partOn({ chipset }: Subject, parts: readonly ModelPart[]): ModelPart {
  const part = parts.find(({ present }) => present.some(({ name }) => name === chipset.name));
  if (part === undefined) throw new Error(`${chipset.name} is compared on, and no part of it is here`);
  return part;
}

type AnswerSet = Served & { key: TrialKey; answers: readonly Answer[]; reused: number };

function setOf(sets: readonly AnswerSet[], key: TrialKey, dataset: string, from: PartPlace): AnswerSet {
  const wanted = canonicalJson(key);
  const found = sets.find((set) => canonicalJson(set.key) === wanted);
  if (found !== undefined) return found;
  throw new PartRefused(from, `it holds no answers of the ${key.variant} weights to ${dataset} as it is pinned`);
}

import { canonicalJson } from '#kernel';
import type { ClipTrial, SampleTrial, TrialKey } from '#tasks';
import { evaluationFact, trialKey, type Collected, type Subject } from '../measure/collect-trials.ts';
import type { CheckContext } from '../check-context.ts';
import { asFact } from '#history';
import type { Scored } from '../measure/measure-context.ts';
import { opened } from '../plan/open-datasets.ts';
import type { ModelPart } from '../parts/part.ts';
import { PartRefused, type PartPlace } from '../parts/part-refused.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import { scoreClips, scoreSamples } from './score-answers.ts';
import { setStage, type Stage } from '../plan/plan-comparisons.ts';

/** Scores of pictures from the research parts. That they were made is in the ledger before anything follows from them. */
export async function gatherSamples(
  planned: PlannedModel,
  parts: readonly ModelPart[],
  context: CheckContext,
): Promise<Scored<SampleTrial>[]> {
  const stage = setStage(planned, parts);
  return await gatherEach(planned.plan.research, stage, async (name, subject) => {
    const { dataset } = opened(context.datasets.research, name);
    const part = partOn(subject, parts);
    const found = setOf(part.measured.samples, trialKey(subject, dataset, null), name, placeOf(part, subject));
    const collected = { ...found, trials: scoreSamples(dataset, found.predictions, placeOf(part, subject)) };
    await context.ports.ledger.append([asFact(evaluationFact(planned.plan.model.name, context.change.head, dataset, collected))]);
    return collected;
  });
}

/** The same of footage, from the replay parts. */
export async function gatherClips(
  planned: PlannedModel,
  parts: readonly ModelPart[],
  context: CheckContext,
): Promise<Scored<ClipTrial>[]> {
  const { model } = planned.plan;
  const stage = setStage(planned, parts);
  return await gatherEach(planned.plan.replay, stage, async (name, subject) => {
    const { open, dataset } = opened(context.datasets.replay, name);
    const part = partOn(subject, parts);
    const found = setOf(part.measured.clips, trialKey(subject, dataset, model.threshold), name, placeOf(part, subject));
    const seconds = new Map<string, number>();
    for (const clip of dataset.clips) seconds.set(clip.id, await open.seconds(clip));
    const collected = { ...found, trials: scoreClips(dataset, found.predictions, seconds, placeOf(part, subject)) };
    await context.ports.ledger.append([asFact(evaluationFact(model.name, context.change.head, dataset, collected))]);
    return collected;
  });
}

async function gatherEach<T>(
  datasets: readonly string[],
  { pairings }: Stage,
  gather: (dataset: string, subject: Subject) => Promise<Collected<T>>,
): Promise<Scored<T>[]> {
  const gathered = new Map<string, Promise<Collected<T>>>();
  const once = async (dataset: string, subject: Subject) => {
    const name = canonicalJson([dataset, subject.resolved.release, subject.chipset.name]);
    const gathering = gathered.get(name) ?? gather(dataset, subject);
    gathered.set(name, gathering);
    return await gathering;
  };
  const scored: Scored<T>[] = [];
  for (const dataset of datasets) {
    for (const pairing of pairings) {
      const candidate = await once(dataset, pairing.candidate);
      const reference = pairing.reference === null ? null : await once(dataset, pairing.reference);
      scored.push({ pairing, dataset, candidate, reference });
    }
  }
  return scored;
}

/** The part of the machine that is the subject's chipset: no other machine answers for it. */
function partOn({ chipset }: Subject, parts: readonly ModelPart[]): ModelPart {
  const part = parts.find(({ present }) => present.some(({ name }) => name === chipset.name));
  if (part === undefined) throw new Error(`${chipset.name} is on the stage, and no part of it is`);
  return part;
}

function setOf<T extends { key: TrialKey }>(sets: readonly T[], key: TrialKey, dataset: string, from: PartPlace): T {
  const wanted = canonicalJson(key);
  const found = sets.find((set) => canonicalJson(set.key) === wanted);
  if (found !== undefined) return found;
  throw new PartRefused(from, `it holds no answers of ${key.model} (${key.variant}) to ${dataset} as it is pinned`);
}

function placeOf({ round }: ModelPart, { chipset }: Subject): PartPlace {
  return { round, chipset: chipset.name };
}

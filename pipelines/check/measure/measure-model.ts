import { digestOfJson } from '#kernel';
import type { ClipTrial, SampleTrial } from '#tasks';
import { collectClips, collectSamples, type Collected, type Collector, type Subject } from './collect-trials.ts';
import type { MeasureContext } from './measure-context.ts';
import { measureChipsets } from '../speed/measure-chipsets.ts';
import { opened } from '../plan/open-datasets.ts';
import type { ClipPrediction, Machine, ModelPart, Round, SamplePrediction } from '../parts/part.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import { setStage, type Stage } from '../plan/plan-comparisons.ts';

/** Asks candidate and references on the chipsets that this machine is. What comes of it are answers, with no word of truth. */
export async function measureModel(
  round: Round,
  planned: PlannedModel,
  machine: Machine,
  context: MeasureContext,
): Promise<ModelPart> {
  const stage = setStage(planned, [machine]);
  const isReplay = round === 'replay';
  const samples = isReplay ? [] : await measureSamples(planned, stage, context);
  const clips = isReplay ? await measureClips(planned, stage, context) : [];
  const speed = isReplay ? await measureChipsets(planned, stage, context) : { speeds: [], peaks: [] };
  const { plan, candidate } = planned;
  return { ...machine, round, measured: { model: plan.model.name, candidate: candidate.release, samples, clips, ...speed } };
}

async function measureSamples(planned: PlannedModel, stage: Stage, context: MeasureContext) {
  const sets = await collectEach(planned.plan.research, stage, async (name, subject) => {
    const { open, dataset } = opened(context.datasets.research, name);
    return await collectSamples(subject, open, dataset, collectorFor(planned, context));
  });
  return sets.map(({ key, reused, trials }) => ({ key, reused, predictions: trials.map((trial) => answersOfSample(trial)) }));
}

async function measureClips(planned: PlannedModel, stage: Stage, context: MeasureContext) {
  const sets = await collectEach(planned.plan.replay, stage, async (name, subject) => {
    const { open, dataset } = opened(context.datasets.replay, name);
    return await collectClips(subject, open, dataset, collectorFor(planned, context));
  });
  return sets.map(({ key, reused, trials }) => ({ key, reused, predictions: trials.map((trial) => answersOfClip(trial)) }));
}

function collectorFor(planned: PlannedModel, { ports, pool, request }: MeasureContext): Collector {
  return { trials: ports.trials, pool, progress: ports.progress, fresh: request.fresh, threshold: planned.plan.model.threshold };
}

/** Each subject once, also where it is compared with several. */
async function collectEach<T>(
  datasets: readonly string[],
  { pairings }: Stage,
  collect: (dataset: string, subject: Subject) => Promise<Collected<T>>,
): Promise<Collected<T>[]> {
  const collected = new Map<string, Collected<T>>();
  for (const dataset of datasets) {
    for (const { candidate, reference } of pairings) {
      for (const subject of reference === null ? [candidate] : [candidate, reference]) {
        const name = digestOfJson([dataset, subject.resolved.release, subject.chipset.name]);
        if (collected.has(name)) continue;
        collected.set(name, await collect(dataset, subject));
      }
    }
  }
  return [...new Map([...collected.values()].map((set) => [digestOfJson(set.key), set])).values()];
}

function answersOfSample({ sample, ranked, score, tied }: SampleTrial): SamplePrediction {
  return { sample, ranked: [...ranked], score, tied };
}

function answersOfClip({ clip, detections }: ClipTrial): ClipPrediction {
  return { clip, detections: [...detections] };
}

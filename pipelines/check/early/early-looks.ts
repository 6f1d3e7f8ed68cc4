import { sameRelease } from '#kernel';
import type { Dataset, OpenDataset } from '#datasets';
import { isWatched, lookEarly, type Finding } from '#eval';
import { metricOn, scoreAnswers, type Answer, type Trial } from '#tasks';
import type { CheckContext } from '../check-context.ts';
import type { Comparison } from '../plan/plan-comparisons.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';

type Asking = {
  change: { config: Pick<CheckContext['change']['config'], 'earlyStopping'> };
  request: Pick<CheckContext['request'], 'whole'>;
};

/** Whether a comparison may end before its dataset does. */
export function mayStop(
  { comparison, open: { dataset } }: { comparison: Comparison; open: OpenDataset },
  { plan }: Pick<PlannedModel, 'plan'>,
  { change, request }: Asking,
): boolean {
  const { role, candidate, reference } = comparison;
  if (request.whole === true || role !== 'baseline' || reference === null) return false;
  return !sameRelease(candidate.release, reference.release) && isLookedAt(dataset, { plan }, change.config);
}

/** Whether a change would be looked at while this dataset is asked. */
export function isLookedAt(
  dataset: Dataset,
  { plan }: Pick<PlannedModel, 'plan'>,
  { earlyStopping }: Asking['change']['config'],
): boolean {
  return earlyStopping && watchedOn(dataset, plan).length > 0;
}

function watchedOn(dataset: Dataset, { model }: PlannedModel['plan']) {
  return model.gates.flatMap((gate) => {
    if (gate.kind !== 'quality' || gate.dataset !== dataset.name) return [];
    const metric = metricOn(dataset, gate.metric);
    return isWatched(gate, metric, dataset) ? [{ gate, metric }] : [];
  });
}

export type AnsweredSoFar = { candidate: readonly Answer[]; reference: readonly Answer[] };

/**
 * What the gates on a dataset say of those samples that were asked so far; nothing while none is sure.
 * @param ids of these, in the order that was drawn
 * @returns a reason where the answers cannot be answers to them
 */
export async function lookAt(
  ids: readonly string[],
  answers: AnsweredSoFar,
  { open, comparison }: { open: OpenDataset; comparison: Comparison },
  { plan }: Pick<PlannedModel, 'plan'>,
): Promise<{ failing: Finding[]; trials: { candidate: readonly Trial[]; reference: readonly Trial[] } } | { refused: string }> {
  const { dataset } = open;
  const asked = only(dataset, ids);
  const seconds = new Map<string, number>();
  if (asked.medium === 'clips') for (const clip of asked.clips) seconds.set(clip.id, await open.seconds(clip));
  const [candidate, reference] = [answers.candidate, answers.reference].map((own) =>
    scoreAnswers(asked, inOrder(ids, own), seconds),
  );
  if (candidate?.kind === 'refused') return { refused: candidate.reason };
  if (reference?.kind === 'refused') return { refused: reference.reason };
  if (candidate === undefined || reference === undefined) return { refused: 'nothing was answered' };
  const chipset = comparison.chipsets.join(', ');
  const of = dataset.medium === 'clips' ? dataset.clips.length : dataset.samples.length;
  const failing = watchedOn(dataset, plan).flatMap(
    ({ gate, metric }) =>
      lookEarly({ gate, metric, dataset, chipset }, { candidate: candidate.trials, reference: reference.trials }, of) ?? [],
  );
  return { failing, trials: { candidate: candidate.trials, reference: reference.trials } };
}

function inOrder(ids: readonly string[], answers: readonly Answer[]): Answer[] {
  const known = new Map(answers.map((answer) => [answer.id, answer]));
  return ids.flatMap((id) => known.get(id) ?? []);
}

/** A dataset as it were if it held these alone, in this order. */
function only(dataset: Dataset, ids: readonly string[]): Dataset {
  if (dataset.medium === 'clips') {
    const clips = new Map(dataset.clips.map((clip) => [clip.id, clip]));
    return { ...dataset, clips: ids.flatMap((id) => clips.get(id) ?? []) };
  }
  if (dataset.task !== 'classification') throw new TypeError(`${dataset.task} is asked to the end`);
  const samples = new Map(dataset.samples.map((sample) => [sample.id, sample]));
  return { ...dataset, samples: ids.flatMap((id) => samples.get(id) ?? []) };
}

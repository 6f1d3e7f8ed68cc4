import { sameRelease } from '#kernel';
import { atLastLook, compareQuality, isWatched, type Finding } from '#eval';
import { metricOn, taskOf, type Trial } from '#tasks';
import type { CheckContext } from '../check-context.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import type { Scored } from './gather-trials.ts';

type Judging = {
  request: Pick<CheckContext['request'], 'identity'>;
  seed: number;
  change: { config: Pick<CheckContext['change']['config'], 'earlyStopping'> };
};

/** What every gate on a dataset finds, by the trials of both sides of one comparison. */
export function qualityFindings(
  { plan }: Pick<PlannedModel, 'plan'>,
  { comparison, open: { dataset }, candidate, reference }: Scored,
  { request, seed, change }: Judging,
): Finding[] {
  const against = comparison.reference;
  // Identity is switched off when the gate audits itself: then the same release is compared like any other.
  const identical = request.identity && against !== null && sameRelease(comparison.candidate.release, against.release);
  const task = taskOf(dataset);
  const byClass = task.byClass && ((trials: readonly Trial[]) => task.byClass?.(trials, dataset) ?? []);
  return plan.model.gates.flatMap((gate) => {
    if (gate.kind !== 'quality' || gate.dataset !== dataset.name) return [];
    const metric = metricOn(dataset, gate.metric);
    const found = compareQuality({
      gate,
      metric,
      dataset: dataset.name,
      candidate: candidate.trials,
      reference: reference?.trials ?? null,
      against: comparison.role,
      chipset: comparison.chipsets.join(', '),
      identical,
      seed,
      ...(byClass && { byClass }),
    });
    const lookedEarly = change.config.earlyStopping && comparison.role === 'baseline' && isWatched(gate, metric, dataset);
    return lookedEarly ? found.map((finding) => (isWhole(finding) ? atLastLook(finding) : finding)) : found;
  });
}

/** Only the whole of a dataset is looked at early, against what is deployed. */
function isWhole({ slice, against }: Finding): boolean {
  return slice === null && against === 'baseline';
}

import type { Metric, Trial } from '#tasks';
import type { Asked } from './asked.ts';
import { unmeasured, type Finding } from './finding.ts';

/** What is found where the metric is not defined on these trials: nothing, and what it would take. Unknown is never zero. */
export function nothingToMeasure({ metric, key, trials }: Asked): Finding {
  const missing = missingOf(metric, trials);
  const remedy =
    missing === null
      ? `add ${kindOf(trials)} with ${metric.counted}, or take the gate away`
      : 'bring what is missing, or take the gate away';
  return { ...nothing(metric, key, trials, missing), remedy };
}

/** The same of the candidate alone. */
export function nothingToBound({ metric, key, trials }: Asked, bound: number): Finding {
  const missing = missingOf(metric, trials);
  const remedy =
    missing === null
      ? `add data with ${metric.counted}, or take the bound away`
      : 'bring what is missing, or take the bound away';
  return { ...nothing(metric, key, trials, missing), reference: bound, remedy };
}

function nothing(
  metric: Metric<Trial>,
  key: Asked['key'],
  trials: Asked['trials'],
  missing: string | null,
): Omit<Finding, 'remedy'> {
  return {
    ...key,
    candidate: null,
    reference: null,
    gain: unmeasured(missing ?? `no ${metric.counted}`),
    minimumDetectableEffect: null,
    outcome: 'inconclusive',
    identical: false,
    reason: `there are ${missing ?? `no ${metric.counted} in ${trials.length} ${kindOf(trials)}`}`,
  };
}

function missingOf(metric: Metric<Trial>, trials: Asked['trials']): string | null {
  if (metric.kind === 'ratio') return null;
  const sides = [trials.map(({ candidate }) => candidate), trials.flatMap(({ reference }) => reference ?? [])];
  return sides.map((side) => metric.prepare(side).missing).find((missing) => missing !== undefined) ?? null;
}

function kindOf(trials: Asked['trials']): 'clips' | 'samples' {
  return trials.some(({ candidate }) => candidate.seconds !== null) ? 'clips' : 'samples';
}

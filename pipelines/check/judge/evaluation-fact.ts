import { digestOfJson } from '#kernel';
import type { Dataset } from '#datasets';
import type { TrialKey } from '#eval';
import type { EvaluationFact } from '#history';
import type { Trial } from '#tasks';

type Evaluated = { model: string; head: string; dataset: Dataset; key: TrialKey; trials: readonly Trial[] };

/** The fact that this was scored, and what exactly came out, before anybody judges it. */
export function evaluationFact({ model, head, dataset, key, trials }: Evaluated): EvaluationFact {
  const { release, variant, chipsetKey, threshold, taskVersion } = key;
  return {
    kind: 'evaluation',
    model,
    head,
    release,
    dataset: dataset.name,
    datasetDigest: dataset.digest,
    variant,
    chipsetKey,
    threshold,
    task: dataset.task,
    taskVersion,
    trials: trials.length,
    trialsDigest: digestOfJson(trials),
  };
}

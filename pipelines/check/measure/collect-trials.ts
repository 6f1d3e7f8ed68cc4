import { digestOfJson, type Json, type Progress } from '#kernel';
import { accuracyKey, type Chipset, type ChipsetKey, type ModelPool } from '#runners';
import { metricVersion, type ClipTrial, type SampleTrial, type TrialKey } from '#tasks';
import { runClips, runSamples } from '#eval';
import type { OpenDataset, ReplayDataset, ResearchDataset } from '#datasets';
import type { EvaluationFact } from '#history';
import type { CheckPorts } from '../ports.ts';
import { runtimeOn, type ResolvedRelease } from '#pipelines/releases';

/** One release on one chipset: what is run. */
export type Subject = { resolved: ResolvedRelease; chipset: Chipset; key: ChipsetKey; label: string };

export type Collected<T> = { key: TrialKey; trials: readonly T[]; reused: number };

export type Collector = Pick<CheckPorts, 'trials'> & {
  pool: ModelPool;
  progress: Progress;
  fresh: boolean;
  threshold: number | null;
};

/** Every sample of a research dataset through the subject; what was scored before is not scored again. */
export async function collectSamples(
  subject: Subject,
  open: OpenDataset,
  dataset: ResearchDataset,
  to: Collector,
): Promise<Collected<SampleTrial>> {
  const key = trialKey(subject, dataset, null);
  const kept = to.fresh ? [] : await to.trials.samples.read(key);
  const known = new Map(kept.map((trial) => [trial.sample, trial]));
  const missing = dataset.samples.filter((sample) => !known.has(sample.id));
  if (missing.length > 0) {
    to.progress.step(`${dataset.name}: ${subject.label}`, missing.length);
    await to.pool.use(subject.resolved.servable, subject.chipset, (running) =>
      runSamples(running, open, missing, {
        classes: dataset.classes.length,
        onTrials: async (trials) => {
          for (const trial of trials) known.set(trial.sample, trial);
          await to.trials.samples.append(key, trials);
          to.progress.advance(trials.length);
        },
      }),
    );
  }
  return {
    key,
    trials: inOrder(
      dataset.samples.map(({ id }) => id),
      known,
    ),
    reused: dataset.samples.length - missing.length,
  };
}

/** Every clip of a replay dataset through the subject. Progress counts seconds of footage. */
export async function collectClips(
  subject: Subject,
  open: OpenDataset,
  dataset: ReplayDataset,
  to: Collector,
): Promise<Collected<ClipTrial>> {
  const key = trialKey(subject, dataset, to.threshold);
  const kept = to.fresh ? [] : await to.trials.clips.read(key);
  const known = new Map(kept.map((trial) => [trial.clip, trial]));
  const missing = dataset.clips.filter((clip) => !known.has(clip.id));
  if (missing.length > 0) {
    to.progress.step(`${dataset.name}: ${subject.label}`, missing.length);
    await to.pool.use(subject.resolved.servable, subject.chipset, (running) =>
      runClips(running, open, missing, {
        rule: dataset.rule,
        classes: dataset.classes.length,
        threshold: to.threshold,
        atOnce: clipsAtOnce(subject),
        onTrial: async (trial) => {
          known.set(trial.clip, trial);
          await to.trials.clips.append(key, [trial]);
          to.progress.advance();
        },
      }),
    );
  }
  return {
    key,
    trials: inOrder(
      dataset.clips.map(({ id }) => id),
      known,
    ),
    reused: dataset.clips.length - missing.length,
  };
}

/** The stock runtime remembers nothing between requests. A container may, and might not tell one sequence from another. */
function clipsAtOnce({ resolved }: Subject): number {
  return resolved.servable.kind === 'model' ? 2 : 1;
}

/** The identity of what comes of asking the subject about the dataset. */
export function trialKey(
  { resolved, chipset, key }: Subject,
  dataset: Pick<ResearchDataset | ReplayDataset, 'digest'>,
  threshold: number | null,
): TrialKey {
  return {
    model: resolved.release.model,
    runtime: runtimeOn(resolved, chipset.platform),
    variant: servedVariant(resolved, chipset),
    dataset: dataset.digest,
    chipsetKey: digestOfJson(accuracyKey(key)),
    threshold,
    metricVersion,
  };
}

/** The weights that the model really serves there: the preferred ones if it has them. */
export function servedVariant({ variants }: ResolvedRelease, { variant }: Chipset): string {
  return variant !== null && variants.includes(variant) ? variant : 'default';
}

function inOrder<T>(ids: readonly string[], known: ReadonlyMap<string, T>): T[] {
  return ids.flatMap((id) => known.get(id) ?? []);
}

/** The fact that this was scored, and what exactly came out, before anybody judges it. */
export function evaluationFact<T>(
  model: string,
  head: string,
  dataset: { name: string; digest: EvaluationFact['datasetDigest'] },
  { key, trials }: Collected<T>,
): EvaluationFact {
  return {
    kind: 'evaluation',
    model,
    head,
    release: { model: key.model, runtime: key.runtime },
    dataset: dataset.name,
    datasetDigest: dataset.digest,
    variant: key.variant,
    chipsetKey: key.chipsetKey,
    threshold: key.threshold,
    metricVersion: key.metricVersion,
    trials: trials.length,
    trialsDigest: digestOfJson(trials as unknown as Json),
  };
}

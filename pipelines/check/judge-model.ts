import { combine, compareQuality, type ClipTrial, type SampleTrial } from '#eval';
import type { Finding, ModelReport } from '../report/check-report.ts';
import { baselineReports } from './baseline-reports.ts';
import { budgetFindings } from './budget-findings.ts';
import type { JudgeContext, Scored } from './judge-context.ts';
import { collectClips, collectSamples, evaluationFact, type Collected, type Collector } from './collect-trials.ts';
import { showExhibits } from './show-exhibits.ts';
import { asFact } from './facts.ts';
import { measureChipsets } from './measure-chipsets.ts';
import type { PlannedModel } from './plan-model-change.ts';
import { sameRelease } from './plan-check.ts';
import { predictField, recordOutcome } from './predict-field.ts';
import { sitesOf } from './site-payload.ts';
import { setStage, type Pairing, type Stage } from './stage.ts';

/** Research, then a prediction, then the replay that could confirm it, then latency; each fact is kept before it is judged. */
export async function judgeModel(planned: PlannedModel, context: JudgeContext): Promise<ModelReport> {
  const stage = await setStage(planned, context.ports.runner);
  const research = await scoreResearch(planned, stage, context);
  const researchFindings = research.flatMap((scored) => qualityFindings(planned, scored, context));
  const prediction = await predictField(planned, researchFindings, context);
  const replay = await scoreReplay(planned, stage, context);
  const replayFindings = replay.flatMap((scored) => qualityFindings(planned, scored, context));
  if (prediction !== null) await recordOutcome(prediction, replayFindings, context);
  const speed = await measureChipsets(planned, stage, context);
  const findings = [
    ...absentFindings(stage),
    ...researchFindings,
    ...replayFindings,
    ...speed.findings,
    ...budgetFindings(planned, stage, speed.peaks),
  ];
  return {
    model: planned.plan.model.name,
    outcome: combine(findings),
    history: planned.plan.history,
    candidate: planned.candidate.release,
    baselines: baselineReports(planned),
    findings,
    latency: speed.reports,
    exhibits: await showExhibits(research, replay, context),
    sites: sitesOf(planned, context),
    prediction: prediction?.shown ?? null,
    notes: [...planned.notes, ...speed.notes, ...countNotes(research, replay)],
    proposal: null,
    record: null,
  };
}

function collectorFor(planned: PlannedModel, { ports, pool, request }: JudgeContext): Collector {
  return { trials: ports.trials, pool, progress: ports.progress, fresh: request.fresh, threshold: planned.plan.model.threshold };
}

async function scoreResearch(planned: PlannedModel, stage: Stage, context: JudgeContext): Promise<Scored<SampleTrial>[]> {
  return await scoreEach(planned.plan.research, stage, async (name, subject) => {
    const { open, dataset } = opened(context.datasets.research, name);
    const collected = await collectSamples(subject, open, dataset, collectorFor(planned, context));
    await context.ports.ledger.append([asFact(evaluationFact(planned.plan.model.name, context.change.head, dataset, collected))]);
    return collected;
  });
}

async function scoreReplay(planned: PlannedModel, stage: Stage, context: JudgeContext): Promise<Scored<ClipTrial>[]> {
  return await scoreEach(planned.plan.replay, stage, async (name, subject) => {
    const { open, dataset } = opened(context.datasets.replay, name);
    const collected = await collectClips(subject, open, dataset, collectorFor(planned, context));
    await context.ports.ledger.append([asFact(evaluationFact(planned.plan.model.name, context.change.head, dataset, collected))]);
    return collected;
  });
}

async function scoreEach<T>(
  datasets: readonly string[],
  { pairings }: Stage,
  collect: (dataset: string, subject: Pairing['candidate']) => Promise<Collected<T>>,
): Promise<Scored<T>[]> {
  const scored: Scored<T>[] = [];
  for (const dataset of datasets) {
    for (const pairing of pairings) {
      const candidate = await collect(dataset, pairing.candidate);
      const reference = pairing.reference === null ? null : await collect(dataset, pairing.reference);
      scored.push({ pairing, dataset, candidate, reference });
    }
  }
  return scored;
}

function opened<T>(datasets: ReadonlyMap<string, T>, name: string): T {
  const found = datasets.get(name);
  if (found === undefined) throw new Error(`dataset ${name} was planned but not opened`);
  return found;
}

function qualityFindings(
  planned: PlannedModel,
  scored: Scored<SampleTrial> | Scored<ClipTrial>,
  context: JudgeContext,
): Finding[] {
  const { pairing, dataset: name } = scored;
  const { dataset } = context.datasets.research.get(name) ?? opened(context.datasets.replay, name);
  return planned.plan.model.gates.flatMap((gate) =>
    gate.kind === 'quality' && gate.dataset === name
      ? compareQuality({
          gate,
          dataset,
          candidate: scored.candidate.trials,
          reference: scored.reference?.trials ?? null,
          against: pairing.role,
          chipset: pairing.chipsets.join(', '),
          identical: isIdentical(pairing, context),
          seed: context.seed,
        })
      : [],
  );
}

/** Identity is switched off when the gate audits itself: then the same release is compared like any other. */
function isIdentical({ candidate, reference }: Pairing, { request }: JudgeContext): boolean {
  return request.identity && reference !== null && sameRelease(candidate.resolved.release, reference.resolved.release);
}

/** A chipset that nobody could measure leaves its gates undecided: unknown is never a number. */
function absentFindings({ absent }: Stage): Finding[] {
  return absent.map(({ chipset, missing }) => ({
    metric: 'chipset',
    unit: 'fraction',
    better: 'more',
    dataset: null,
    chipset: chipset.name,
    slice: null,
    against: 'bound',
    role: 'decides',
    candidate: null,
    reference: null,
    gain: { value: null, interval: null, method: 'not measured', clusters: 0, n: 0 },
    margin: 0,
    minimumDetectableEffect: null,
    outcome: 'inconclusive',
    identical: false,
    reason: `${chipset.name} was not measured: ${missing.join('; ')}`,
    remedy: 'run the check on such a machine, or correct the chipset in fieldproof.yaml',
  }));
}

function countNotes(research: readonly Scored<SampleTrial>[], replay: readonly Scored<ClipTrial>[]): string[] {
  const reused = [...research, ...replay].reduce(
    (sum, { candidate, reference }) => sum + candidate.reused + (reference?.reused ?? 0),
    0,
  );
  const tied = research.flatMap(({ candidate }) => candidate.trials.filter((trial) => trial.tied)).length;
  return [
    ...(reused > 0 ? [`${reused} trials were scored before (same model, runtime, dataset and metric version) and reused.`] : []),
    ...(tied > 0 ? [`${tied} samples had a tie for the best class; the lowest index won.`] : []),
  ];
}

import { combine, compareQuality } from '#eval';
import type { ClipTrial, SampleTrial } from '#tasks';
import type { Finding, ModelReport } from '#report';
import { absentFindings } from './absent-findings.ts';
import { baselineReports } from '../conclude/baseline-reports.ts';
import { budgetFindings } from './budget-findings.ts';
import type { CheckContext } from '../check-context.ts';
import { gatherClips, gatherSamples } from './gather-trials.ts';
import { judgeChipsets } from '../speed/judge-chipsets.ts';
import type { Scored } from '../measure/measure-context.ts';
import { opened } from '../plan/open-datasets.ts';
import type { ModelPart } from '../parts/part.ts';
import type { RefusedPart } from '../parts/part-refused.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import { sameRelease } from '../plan/plan-check.ts';
import { predictField, recordOutcome, type Prediction } from './predict-field.ts';
import { runtimeNotes } from './runtime-notes.ts';
import { showExhibits } from './show-exhibits.ts';
import { sitesOf } from '../conclude/site-payload.ts';
import { setStage, type Pairing } from '../plan/plan-comparisons.ts';

/** What the research parts say, and what is therefore expected of the replay. */
export type Foreseen = { research: readonly Scored<SampleTrial>[]; findings: readonly Finding[]; prediction: Prediction | null };

/** Research, and a prediction that is written down before anybody looks at the replay that could confirm it. */
export async function foresee(
  planned: PlannedModel,
  parts: readonly ModelPart[],
  context: CheckContext,
  prediction: 'may be new' | 'must stand' = 'may be new',
): Promise<Foreseen> {
  const research = await gatherSamples(planned, ofRound(parts, 'research'), context);
  const findings = research.flatMap((scored) => qualityFindings(planned, scored, context));
  return { research, findings, prediction: await predictField(planned, findings, context, prediction) };
}

/** The verdict on one model, from facts alone: whoever has the parts comes to the same one. */
export async function judgeModel(
  planned: PlannedModel,
  { research, findings: researchFindings, prediction }: Foreseen,
  parts: readonly ModelPart[],
  context: CheckContext,
  refused: readonly RefusedPart[] = [],
): Promise<ModelReport> {
  const replayed = ofRound(parts, 'replay');
  const replay = await gatherClips(planned, replayed, context);
  const replayFindings = replay.flatMap((scored) => qualityFindings(planned, scored, context));
  if (prediction !== null) await recordOutcome(prediction, replayFindings, context);
  const speed = await judgeChipsets(planned, replayed, context);
  const findings = [
    ...absentFindings(planned.plan.chipsets, parts, refused),
    ...researchFindings,
    ...replayFindings,
    ...speed.findings,
    ...budgetFindings(planned, setStage(planned, replayed), speed.peaks),
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
    notes: [...planned.notes, ...runtimeNotes(planned, parts), ...speed.notes, ...countNotes(research, replay)],
    proposal: null,
    record: null,
  };
}

function ofRound(parts: readonly ModelPart[], wanted: ModelPart['round']): ModelPart[] {
  return parts.filter(({ round }) => round === wanted);
}

function qualityFindings(
  planned: PlannedModel,
  scored: Scored<SampleTrial> | Scored<ClipTrial>,
  context: CheckContext,
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
function isIdentical({ candidate, reference }: Pairing, { request }: CheckContext): boolean {
  return request.identity && reference !== null && sameRelease(candidate.resolved.release, reference.resolved.release);
}

function countNotes(research: readonly Scored<SampleTrial>[], replay: readonly Scored<ClipTrial>[]): string[] {
  const sets = new Set(
    [...research, ...replay].flatMap(({ candidate, reference }) => [candidate, ...(reference ? [reference] : [])]),
  );
  const reused = [...sets].reduce((sum, set) => sum + set.reused, 0);
  const tied = research.flatMap(({ candidate }) => candidate.trials.filter((trial) => trial.tied)).length;
  return [
    ...(reused > 0 ? [`${reused} trials were scored before (same model, runtime, dataset and metric version) and reused.`] : []),
    ...(tied > 0 ? [`${tied} samples had a tie for the best class; the lowest index won.`] : []),
  ];
}

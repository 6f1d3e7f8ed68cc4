import type { Finding } from '#eval';
import type { ModelReport } from '#report';
import type { CheckContext } from '../check-context.ts';
import { judgeStopped, stoppedOf, type StoppedPart } from '../early/judge-stopped.ts';
import type { ModelPart } from '../parts/part.ts';
import type { RefusedPart } from '../parts/part-refused.ts';
import { planComparisons } from '../plan/plan-comparisons.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import { judgeChipsets } from '../speed/judge-chipsets.ts';
import { absentFindings } from './absent-findings.ts';
import { budgetFindings } from './budget-findings.ts';
import { countNotes } from './count-notes.ts';
import { gateFindings } from './gate-findings.ts';
import type { Scored } from './gather-trials.ts';
import { predictField, recordOutcome, type Prediction } from './predict-field.ts';
import { runtimeNotes } from './runtime-notes.ts';
import { showExhibits } from './show-exhibits.ts';

/** What the research parts say, and what is therefore expected of the replay. */
export type BeforeReplay = { research: readonly Scored[]; findings: readonly Finding[]; prediction: Prediction | null };

/** What was found of a model: everything that the verdict and its report rest on. */
export type Judgement = Pick<ModelReport, 'findings' | 'latency' | 'exhibits' | 'prediction' | 'notes' | 'stopped'>;

/** Research, and a prediction that is written down before anybody looks at the replay that could confirm it. */
export async function predictBeforeReplay(
  planned: PlannedModel,
  parts: readonly ModelPart[],
  context: CheckContext,
  prediction: 'may be new' | 'must stand' = 'may be new',
): Promise<BeforeReplay> {
  if (stoppedOf(parts).some(({ round }) => round === 'research')) return { research: [], findings: [], prediction: null };
  const { scored: research, findings } = await gateFindings('research', planned, parts, context);
  return { research, findings, prediction: await predictField(planned, findings, context, prediction) };
}

/** The judgement of one model, from facts alone: whoever has the parts comes to the same one. */
export async function judgeModel(
  planned: PlannedModel,
  before: BeforeReplay,
  parts: readonly ModelPart[],
  context: CheckContext,
  refused: readonly RefusedPart[] = [],
): Promise<Judgement> {
  const stops = stoppedOf(parts);
  if (stops.length > 0) return await judgeStops(stops, planned, before, parts, context);
  const { scored: replay, findings: replayFindings } = await gateFindings('replay', planned, parts, context);
  const own = parts.filter(({ round }) => round === 'replay');
  const { present } = planComparisons(planned, own);
  if (before.prediction !== null) await recordOutcome(before.prediction, replayFindings, context.ports);
  const speed = await judgeChipsets(planned, present, own, context);
  const scored = [...replay, ...before.research];
  return {
    findings: [
      ...absentFindings(planned.plan.chipsets, parts, refused),
      ...before.findings,
      ...replayFindings,
      ...speed.findings,
      ...budgetFindings(planned.candidate.image, present, speed.peaks),
    ],
    latency: speed.reports,
    exhibits: await showExhibits(scored, context.ports.thumbnails),
    prediction: before.prediction?.shown ?? null,
    notes: [...runtimeNotes(planned, parts), ...speed.notes, ...countNotes(scored)],
  };
}

/** What ended early has failed, whatever else was measured: of that, only what research said is told. */
async function judgeStops(
  stops: readonly StoppedPart[],
  planned: PlannedModel,
  before: BeforeReplay,
  parts: readonly ModelPart[],
  context: CheckContext,
): Promise<Judgement> {
  const judged = await Promise.all(stops.map(async (part) => await judgeStopped(part, planned, context)));
  const [first] = judged;
  if (first === undefined) throw new TypeError('nothing was stopped');
  const { dataset, asked, of } = first.stopped;
  const note = `Stopped early: after ${asked} of ${of} of ${dataset}, drawn at random, it was sure that it fails. What was not asked is not judged, and no prediction is held against this check; fieldproof check --whole asks all.`;
  return {
    findings: [...before.findings, ...judged.flatMap(({ findings }) => findings)],
    latency: [],
    exhibits: await showExhibits(before.research, context.ports.thumbnails),
    prediction: before.prediction?.shown ?? null,
    notes: [note, ...runtimeNotes(planned, parts), ...countNotes(before.research)],
    stopped: first.stopped,
  };
}

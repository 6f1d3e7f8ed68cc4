import { combine } from '#eval';
import { appendFacts, asWritten, contradicted, factsOf, type IterationFact, type VerdictFact } from '#history';
import { digestOfJson, type Digest } from '#kernel';
import type { CheckReport, ModelReport } from '#report';
import { METRICS } from '#tasks';
import type { CheckContext } from '../check-context.ts';
import { withGraphs } from '../judge/graph-findings.ts';
import type { Judgement } from '../judge/judge-model.ts';
import type { ModelChange } from '../plan/gather-change.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import { auditNotes } from './audit-note.ts';
import { iterationFact } from './iteration-fact.ts';
import { baselinesOf, judgedByIdentity } from './judged-by-identity.ts';
import { proposeRelease } from './propose-release.ts';
import { sitesOf } from './site-payload.ts';
import { verdictFact } from './verdict-fact.ts';

export type Judged = {
  /** Null: what is deployed already, judged by identity. */
  judgement: Judgement | null;
  modelChange: ModelChange;
  planned: PlannedModel;
  runner: CheckReport['runner'];
};

/** Records the verdict, and after it, unless it is a fail, proposes the release. */
export async function concludeModel(
  { judgement, modelChange, planned, runner }: Judged,
  context: CheckContext,
): Promise<ModelReport> {
  const { name } = planned.plan.model;
  const concluded =
    judgement === null ? judgedByIdentity(planned) : verdictOn(planned, await withGraphs(judgement, name, context), context);
  const fact = verdictFact({ report: concluded, modelChange, planned, runner }, context);
  const [record] = await appendFacts(context.ports.ledger, [fact, ...(await livedBefore(fact, modelChange, planned, context))]);
  const notes = [...concluded.notes, ...(await auditNotes(modelChange, context))];
  const report = { ...titled(concluded), notes, record: record ?? null, ...(await failedBefore(record, context)) };
  if (context.leaves === 'nothing') return { ...report, record: null };
  if (report.outcome === 'fail' || judgement === null) return report;
  return { ...report, ...(await proposeRelease(planned, report, context)) };
}

/** What is deployed already is no iteration. */
async function livedBefore(
  fact: VerdictFact,
  { model }: ModelChange,
  { built }: PlannedModel,
  context: CheckContext,
): Promise<IterationFact[]> {
  if (fact.history === 'unchanged') return [];
  return [await iterationFact({ model, built, verdict: digestOfJson(asWritten(fact)) }, context)];
}

/** Each metric with what people call it, and a prediction with its unit: a task knows that, and a page does not. */
function titled({ findings, prediction, ...report }: ModelReport): ModelReport {
  const titleOf = (title: string | undefined) => (title === undefined ? {} : { title });
  const predicted = prediction && METRICS.get(prediction.metric)?.metric;
  return {
    ...report,
    findings: findings.map((finding) => ({ ...finding, ...titleOf(METRICS.get(finding.metric)?.metric.title) })),
    prediction: prediction && predicted ? { ...prediction, unit: predicted.unit, ...titleOf(predicted.title) } : prediction,
  };
}

/** A release that is judged until it passes: deploy refuses it, so whoever reads the report should know before the merge. */
async function failedBefore(
  record: Digest | undefined,
  { ports }: Pick<CheckContext, 'ports'>,
): Promise<Pick<ModelReport, 'failedBefore'>> {
  const entries = await ports.ledger.entries();
  const judged = factsOf(entries, 'verdict').find(({ id }) => id === record);
  const failed = judged === undefined ? null : contradicted(entries, judged);
  return failed === null ? {} : { failedBefore: { record: failed.id, on: failed.fact.at.slice(0, 10) } };
}

function verdictOn(planned: PlannedModel, judgement: Judgement, context: CheckContext): ModelReport {
  return {
    ...judgement,
    model: planned.plan.model.name,
    outcome: combine(judgement.findings),
    history: planned.plan.history,
    candidate: planned.candidate.release,
    baselines: baselinesOf(planned),
    sites: sitesOf(planned, context),
    notes: [...planned.notes, ...judgement.notes],
    proposal: null,
    record: null,
  };
}

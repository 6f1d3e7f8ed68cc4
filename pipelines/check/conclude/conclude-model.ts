import type { CheckReport, ModelReport } from '#report';
import type { CheckContext } from '../check-context.ts';
import { asFact } from '#history';
import type { ModelChange } from '../plan/gather-change.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import { proposeRelease } from './propose-release.ts';
import { unchangedReport } from './unchanged-report.ts';
import { verdictFact } from './verdict-fact.ts';

export type Judged = {
  /** Null: what is deployed already, judged by identity. */
  judged: ModelReport | null;
  modelChange: ModelChange;
  planned: PlannedModel;
  runner: CheckReport['runner'];
};

/** Records the verdict, and after it, unless it is a fail, proposes the release. */
export async function concludeModel(
  { judged, modelChange, planned, runner }: Judged,
  context: CheckContext,
): Promise<ModelReport> {
  const concluded = judged ?? unchangedReport(planned);
  const fact = verdictFact({ report: concluded, modelChange, planned, runner, ...context });
  const [record] = await context.ports.ledger.append([asFact(fact)]);
  const report = { ...concluded, record: record ?? null };
  if (report.outcome === 'fail' || judged === null) return report;
  return { ...report, ...(await proposeRelease(planned, report, context)) };
}

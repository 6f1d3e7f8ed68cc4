import type { ModelReport } from '../report/check-report.ts';
import type { PlannedModel } from './plan-model-change.ts';
import { baselineReports } from './baseline-reports.ts';

/** The same bytes on the same inputs give the same answers: nothing is run. */
export function unchangedReport(planned: PlannedModel): ModelReport {
  return {
    model: planned.plan.model.name,
    outcome: 'pass',
    history: 'unchanged',
    candidate: planned.candidate.release,
    baselines: baselineReports(planned),
    findings: [],
    latency: [],
    exhibits: [],
    sites: [],
    prediction: null,
    notes: [...planned.notes, 'The release is the one that is deployed: judged by identity, nothing was run.'],
    proposal: null,
    record: null,
  };
}

import type { ModelReport } from '#report';
import type { PlannedModel } from '../plan/plan-model-change.ts';
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
    notes: [sameBytes(planned)],
    proposal: null,
    record: null,
  };
}

function sameBytes({ deployed, candidate: { release } }: PlannedModel): string {
  const others = new Set(deployed.flatMap(({ release: { runtime } }) => (runtime === release.runtime ? [] : [runtime])));
  if (others.size === 0) return 'The release is the one that is deployed: judged by identity, nothing was run.';
  return `The model is the one that is deployed, under another runtime (${[...others].join(', ')}), which it keeps: nothing was run.`;
}

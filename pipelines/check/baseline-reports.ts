import type { ModelReport } from '../report/check-report.ts';
import type { PlannedModel } from './plan-model-change.ts';

export function baselineReports({ references }: PlannedModel): ModelReport['baselines'] {
  return references
    .filter(({ role }) => role === 'baseline')
    .map(({ resolved, chipsets }) => ({ release: resolved.release, chipsets: [...chipsets], commit: resolved.commit }));
}

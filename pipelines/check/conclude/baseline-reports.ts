import type { ModelReport } from '#report';
import type { PlannedModel } from '../plan/plan-model-change.ts';

export function baselineReports({ references }: PlannedModel): ModelReport['baselines'] {
  return references
    .filter(({ role }) => role === 'baseline')
    .map(({ resolved, chipsets }) => ({ release: resolved.release, chipsets: [...chipsets], commit: resolved.commit }));
}

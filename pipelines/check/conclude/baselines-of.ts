import type { ModelReport } from '#report';
import type { PlannedModel } from '../plan/plan-model-change.ts';

/** The deployed releases that a candidate was compared with, as reports show them. */
export function baselinesOf({ references }: Pick<PlannedModel, 'references'>): ModelReport['baselines'] {
  return references
    .filter(({ role }) => role === 'baseline')
    .map(({ resolved, chipsets }) => ({ release: resolved.release, chipsets: [...chipsets], commit: resolved.commit }));
}

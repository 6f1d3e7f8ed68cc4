import { onlyStage } from '#kernel';
import type { ModelReport } from '#report';
import type { PlannedModel } from '../plan/plan-model-change.ts';

/** The same bytes on the same inputs give the same answers: nothing is run. */
export function judgedByIdentity(planned: Pick<PlannedModel, 'plan' | 'candidate' | 'references' | 'deployed'>): ModelReport {
  return {
    model: planned.plan.model.name,
    outcome: 'pass',
    history: 'unchanged',
    candidate: planned.candidate.release,
    baselines: baselinesOf(planned),
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

/** Where there is no fleet, or it runs nothing yet, the base stands for it: of what it is worth nobody has said a word. */
const NOT_DEPLOYED =
  'Base and head hold the same release, and nothing is deployed that is known here: nothing was run. `fieldproof score` says how good it is.';

function sameBytes({ deployed, candidate }: Pick<PlannedModel, 'deployed' | 'candidate'>): string {
  if (deployed.length === 0) return NOT_DEPLOYED;
  const { runtime } = onlyStage(candidate.release);
  const others = new Set(deployed.map(({ release }) => onlyStage(release).runtime).filter((other) => other !== runtime));
  if (others.size === 0) return 'The release is the one that is deployed: judged by identity, nothing was run.';
  return `The model is the one that is deployed, under another runtime (${[...others].join(', ')}), which it keeps: nothing was run.`;
}

/** The deployed releases that a candidate was compared with, as reports show them. */
export function baselinesOf({ references }: Pick<PlannedModel, 'references'>): ModelReport['baselines'] {
  return references
    .filter(({ role }) => role === 'baseline')
    .map(({ resolved, chipsets }) => ({ release: resolved.release, chipsets: [...chipsets], commit: resolved.commit }));
}

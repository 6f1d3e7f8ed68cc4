import type { Round } from '#datasets';
import type { Finding } from '#eval';
import type { CheckContext } from '../check-context.ts';
import type { ModelPart } from '../parts/part.ts';
import { planComparisons } from '../plan/plan-comparisons.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import { gatherTrials, type Scored } from './gather-trials.ts';
import { qualityFindings } from './quality-findings.ts';

/** What the gates on quality find in the parts of one round, and the trials that they rest on. */
export async function gateFindings(
  round: Round,
  planned: Pick<PlannedModel, 'plan' | 'candidate' | 'references' | 'datasets'>,
  parts: readonly ModelPart[],
  context: Pick<CheckContext, 'change' | 'ports' | 'request' | 'seed'>,
): Promise<{ scored: readonly Scored[]; findings: readonly Finding[] }> {
  const own = parts.filter((part) => part.round === round);
  const scored = await gatherTrials(planned, planComparisons(planned, own).comparisons, own, context);
  return { scored, findings: scored.flatMap((one) => qualityFindings(planned, one, context)) };
}

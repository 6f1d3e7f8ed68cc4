import type { ChipsetConfig } from '#config';
import type { Finding } from '#eval';
import type { CheckContext } from '../check-context.ts';
import { sameRelease } from '../plan/plan-check.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import { judgeSpeed } from './judge-speed.ts';
import { baselinesOn, latencyBudgets, latencyGates } from './speed-questions.ts';

/** What is asked of the speed of a chipset that was emulated: nothing is known of it, and unknown is never a pass. */
export function untimedFindings(
  planned: PlannedModel,
  chipset: ChipsetConfig,
  { request }: Pick<CheckContext, 'request'>,
): Finding[] {
  const findings = baselinesOn(planned, chipset).flatMap((baseline) => {
    const { release } = planned.candidate;
    return judgeSpeed({
      chipset: chipset.name,
      gates: latencyGates(planned, chipset),
      budgets: latencyBudgets(chipset),
      enrolled: true,
      blocks: [],
      first: baseline === null,
      identical: request.identity && baseline !== null && sameRelease(baseline.release, release),
      remeasured: true,
    }).findings;
  });
  return findings.map((finding) => (finding.outcome === 'pass' ? finding : untimed(finding, chipset.name)));
}

function untimed(finding: Finding, chipset: string): Finding {
  return {
    ...finding,
    outcome: 'inconclusive',
    reason: `${chipset} was emulated, and an emulated processor has no speed to speak of`,
    remedy: 'measure it on such a machine (a part alone completes the verdict)',
  };
}

import type { ModelReport } from '#report';
import { policyDigest } from '#config';
import type { CheckContext } from '../check-context.ts';
import type { CheckPorts } from '../ports.ts';
import type { VerdictFact } from '#history';
import type { ModelChange } from '../plan/gather-change.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';

type Concluded = { report: ModelReport; modelChange: ModelChange; planned: PlannedModel; runner: VerdictFact['runner'] };
type Context = Pick<CheckContext, 'change' | 'seed'> & { ports: Pick<CheckPorts, 'clock'> };

export function verdictFact({ report, modelChange, planned, runner }: Concluded, { change, ports, seed }: Context): VerdictFact {
  return {
    kind: 'verdict',
    model: report.model,
    base: change.base,
    head: change.head,
    tree: modelChange.trees.head,
    policy: policyDigest(change.config, planned.plan.model),
    candidate: report.candidate,
    references: planned.plan.references.map(({ release, role }) => ({ release, role })),
    history: report.history,
    outcome: report.outcome,
    superior: isSuperior(report),
    seed,
    runner,
    findings: report.findings
      .filter((finding) => finding.role !== 'watches')
      .map((finding) => ({
        metric: finding.metric,
        where: [finding.dataset, finding.chipset, finding.slice?.value, finding.against].filter((part) => part != null).join(' '),
        outcome: finding.outcome,
        low: finding.gain.interval?.low ?? null,
        value: finding.gain.value,
        high: finding.gain.interval?.high ?? null,
        method: finding.gain.method,
      })),
    ...(change.config.earlyStopping && { earlyStopping: 'last look at 96%' as const }),
    ...(report.stopped !== undefined && { stopped: report.stopped }),
    at: ports.clock.now().toISOString(),
  };
}

/** Tested only after non-inferiority holds everywhere (a fixed sequence spends no error rate). */
function isSuperior({ outcome, findings, history }: ModelReport): boolean {
  if (outcome !== 'pass') return false;
  if (history === 'first') return true;
  return findings.some(
    (finding) =>
      finding.against === 'baseline' &&
      finding.slice === null &&
      finding.role !== 'watches' &&
      (finding.gain.interval?.low ?? 0) > 0 &&
      finding.unit !== 'ratio',
  );
}

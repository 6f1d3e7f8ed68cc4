import { combine } from '#eval';
import { CouldNotRun, type Release } from '#kernel';
import type { ModelJudge, ModelPart } from '#pipelines/check';
import type { ResolvedRelease } from '#pipelines/releases';
import type { AuditedChange, AuditedStep } from '#report';
import { withChanged } from './changes/alter.ts';
import type { KnownBad, Step } from './changes/known-bad.ts';
import { lossIn, marginGates, nameOf, outcomeOf } from './gates.ts';
import type { AuditPorts } from './ports.ts';

/** A change as it was made of the whole model, with what it answered and what it cost each gate, in margins. */
export type Donor = {
  candidate: ResolvedRelease;
  changed: Release;
  parts: readonly ModelPart[];
  losses: ReadonlyMap<string, number>;
};

export type JudgedChanges = { changes: readonly AuditedChange[]; donors: readonly Donor[] };

/** Makes every change at every strength, has its dataset asked, and judges it as a check would. */
export async function judgeChanges(known: readonly KnownBad[], judge: ModelJudge, ports: AuditPorts): Promise<JudgedChanges> {
  const changes: AuditedChange[] = [];
  const donors: Donor[] = [];
  for (const one of known) {
    const { name: change, title } = one;
    if ('left' in one) {
      changes.push({ change, title, steps: [], left: one.left });
      continue;
    }
    const steps: AuditedStep[] = [];
    for (const step of one.steps) {
      ports.progress.note(`${judge.model.name}: ${title.toLowerCase()}, ${step.strength}`);
      const { audited, donor } = await judgeStep({ change, step }, judge, ports);
      steps.push(audited);
      if (donor !== null) donors.push(donor);
    }
    changes.push({ change, title, steps, left: null });
  }
  return { changes, donors };
}

async function judgeStep(
  made: { change: string; step: Step },
  judge: ModelJudge,
  ports: AuditPorts,
): Promise<{ audited: AuditedStep; donor: Donor | null }> {
  const quality = judge.model.gates.filter(({ kind }) => kind === 'quality');
  const { strength } = made.step;
  try {
    return await withChanged(judge.deployed, made, ports, async (candidate) => {
      const parts = await judge.ask(candidate);
      const findings = await judge.judge(candidate, parts, quality);
      const gates = marginGates(quality, judge.chipset.name).map((gate) => ({
        gate: nameOf(gate),
        loss: lossIn(gate, findings),
        outcome: outcomeOf(gate, findings),
      }));
      const losses = new Map(gates.flatMap(({ gate, loss }) => (loss === null ? [] : [[gate, loss] as const])));
      const audited: AuditedStep = { strength, outcome: combine(findings), gates, reason: null };
      return { audited, donor: { candidate, changed: candidate.release, parts, losses } };
    });
  } catch (thrown) {
    // Nobody deploys what does not run: the check ends with its message, and that is what is told here.
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    const reason = thrown.problems[0]?.message ?? 'it could not run';
    return { audited: { strength, outcome: 'refused', gates: [], reason }, donor: null };
  }
}

import type { LatencyGate } from '#eval';
import type { ModelJudge } from '#pipelines/check';
import type { AuditedGate, Dose } from '#report';
import { lossIn, nameOf, outcomeOf } from '../gates.ts';
import type { AuditPorts } from '../ports.ts';
import { timeSlower } from './time-slower.ts';

/** In margins: the deployed model beside itself, and slower by so much. */
const TARGETS = [0, 0.5, 1, 2, 3] as const;

/** What a gate on latency makes of a server that is slower by a known share. Each run is a whole measurement, so there are few. */
export async function doseSpeed(
  gate: LatencyGate,
  { judge, runs }: { judge: ModelJudge; runs: number },
  ports: Pick<AuditPorts, 'runner' | 'clock' | 'progress'>,
): Promise<Pick<AuditedGate, 'doses' | 'insufficient' | 'note'>> {
  if (runs === 0) return { doses: [], insufficient: null, note: 'not asked for' };
  if (!judge.isTimed)
    return { doses: [], insufficient: null, note: 'this machine only emulates the chipset, and its milliseconds say nothing' };
  const doses: Dose[] = [];
  for (const target of TARGETS) {
    let [failed, passed, lost, told] = [0, 0, 0, 0];
    for (let run = 0; run < runs; run += 1) {
      ports.progress.note(`${judge.model.name}: ${nameOf(gate)}, slower by ${target} margins, run ${run + 1} of ${runs}`);
      const seed = judge.seed + 101 * run + Math.round(10 * target);
      const findings = await timeSlower(judge, { by: target * gate.margin, seed }, ports);
      const loss = lossIn(gate, findings);
      failed += Number(outcomeOf(gate, findings) === 'fail');
      passed += Number(outcomeOf(gate, findings) === 'pass');
      lost += loss ?? 0;
      told += Number(loss !== null);
    }
    doses.push({ target, loss: told === 0 ? target : lost / told, judged: runs, failed, passed });
  }
  return { doses, insufficient: null, note: null };
}

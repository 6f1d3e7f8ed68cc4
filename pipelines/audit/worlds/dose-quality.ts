import { random } from '#eval';
import type { ModelJudge } from '#pipelines/check';
import type { AuditedGate, Dose } from '#report';
import { lossIn, nameOf, outcomeOf, type MarginGate } from '../gates.ts';
import type { Donor } from '../judge-changes.ts';
import type { AuditPorts } from '../ports.ts';
import { reaching, swapped } from './mixed-parts.ts';

/** In margins: nothing is lost, half of what may be, all of it, and more. */
export const TARGETS = [0, 0.5, 1, 1.5, 2, 3, 4] as const;

type Dosed = Pick<AuditedGate, 'doses' | 'note'>;

/**
 * What one gate makes of worlds whose loss is known: a change that costs more reaches as many of the samples as cost so many margins.
 * @param runs worlds of each loss
 */
export async function doseQuality(
  gate: MarginGate,
  { judge, donors, runs }: { judge: ModelJudge; donors: readonly Donor[]; runs: number },
  { progress }: Pick<AuditPorts, 'progress'>,
): Promise<Dosed> {
  const name = nameOf(gate);
  const own = donors.filter(({ losses }) => (losses.get(name) ?? 0) !== 0);
  if (own.length === 0) return { doses: [], note: 'no change that was made cost it anything' };
  const most = Math.max(...own.map(({ losses }) => losses.get(name) ?? 0));
  const targets = TARGETS.filter((target) => target <= most);
  progress.step(`${judge.model.name}: ${name}, ${targets.length} losses`, targets.length * runs);
  const doses: Dose[] = [];
  for (const target of targets) {
    const able = own.filter(({ losses }) => (losses.get(name) ?? 0) >= target && (target === 0 || (losses.get(name) ?? 0) > 0));
    doses.push(await doseOf(gate, target, able, { judge, runs, advance: () => progress.advance() }));
  }
  const missing = most < 2 ? `no change that was made cost it more than ${Math.max(0, most).toFixed(1)} margins` : null;
  return { doses, note: missing };
}

async function doseOf(
  gate: MarginGate,
  target: number,
  able: readonly Donor[],
  { judge, runs, advance }: { judge: ModelJudge; runs: number; advance: () => void },
): Promise<Dose> {
  let [failed, passed, lost, told] = [0, 0, 0, 0];
  for (let run = 0; run < runs; run += 1) {
    const donor = able[run % able.length];
    if (donor === undefined) break;
    const next = random(judge.seed + 7919 * (run + 1) + Math.round(1000 * target));
    const share = target / (donor.losses.get(nameOf(gate)) ?? 1);
    const { candidate, changed, parts } = donor;
    const world = target === 0 ? swapped(parts, changed, next) : reaching(parts, changed, share, next);
    const findings = await judge.judge(candidate, world, [gate]);
    const outcome = outcomeOf(gate, findings);
    const loss = lossIn(gate, findings);
    failed += Number(outcome === 'fail');
    passed += Number(outcome === 'pass');
    lost += loss ?? 0;
    told += Number(loss !== null);
    advance();
  }
  return { target, loss: told === 0 ? target : lost / told, judged: runs, failed, passed };
}

import { quantile, random } from '#eval';
import type { ModelJudge } from '#pipelines/check';
import type { AuditedGate, Dose } from '#report';
import { lossIn, nameOf, outcomeOf, TWICE, type QualityMarginGate } from '../gates.ts';
import type { Donor } from '../judge-changes.ts';
import type { AuditPorts } from '../ports.ts';
import { reaching, swapped } from './mixed-parts.ts';
import { insufficiency, tellsIn } from './telling.ts';

/** In margins: nothing is lost, half of what may be, all of it, and more. */
export const TARGETS = [0, 0.5, 1, 1.5, 2, 3, 4] as const;

type Dosed = Pick<AuditedGate, 'doses' | 'insufficient' | 'note'>;

/**
 * What one gate makes of worlds whose loss is known: a change that costs more reaches as many of the samples as cost so many margins.
 * @param runs worlds of each loss
 */
export async function doseQuality(
  gate: QualityMarginGate,
  { judge, donors, runs }: { judge: ModelJudge; donors: readonly Donor[]; runs: number },
  { progress }: Pick<AuditPorts, 'progress'>,
): Promise<Dosed> {
  const name = nameOf(gate);
  const own = donors.filter(({ losses }) => (losses.get(name) ?? 0) !== 0);
  if (own.length === 0) return { doses: [], insufficient: null, note: 'no change that was made cost it anything' };
  const most = Math.max(...own.map(({ losses }) => losses.get(name) ?? 0));
  const targets = TARGETS.filter((target) => target <= most);
  progress.step(`${judge.model.name}: ${name}, ${targets.length} losses`, targets.length * runs);
  const doses: Dose[] = [];
  let insufficient: string | null = null;
  for (const target of targets) {
    const able = own.filter(({ losses }) => (losses.get(name) ?? 0) >= target && (target === 0 || (losses.get(name) ?? 0) > 0));
    const { dose, told } = await doseOf(gate, target, able, { judge, runs, advance: () => progress.advance() });
    doses.push(dose);
    if (target === TWICE) insufficient = whyInsufficient(told, judge.calls(gate.dataset, gate.metric));
  }
  const missing = most < 2 ? `no change that was made cost it more than ${Math.max(0, most).toFixed(1)} margins` : null;
  return { doses, insufficient, note: missing };
}

async function doseOf(
  gate: QualityMarginGate,
  target: number,
  able: readonly Donor[],
  { judge, runs, advance }: { judge: ModelJudge; runs: number; advance: () => void },
): Promise<{ dose: Dose; told: readonly Told[] }> {
  let [failed, passed, lost, known] = [0, 0, 0, 0];
  const told: Told[] = [];
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
    known += Number(loss !== null);
    const tells = tellsIn(gate, findings);
    if (tells !== null) told.push(tells);
    advance();
  }
  return { dose: { target, loss: known === 0 ? target : lost / known, judged: runs, failed, passed }, told };
}

type Told = NonNullable<ReturnType<typeof tellsIn>>;

/** By the median of what worlds of that loss could tell. */
function whyInsufficient(told: readonly Told[], unit: string): string | null {
  const [first] = told;
  if (first === undefined) return null;
  const losses = told.map(({ loss }) => loss);
  return insufficiency({ loss: quantile(losses, 0.5), clusters: first.clusters, unit }, TWICE);
}

import { sameKey } from '#runners';
import type { LatencyBlock, LatencyGate } from '#eval';
import type { Finding, LatencyReport } from '#report';
import { enrolledKeys } from './chipset-keys.ts';
import type { CheckContext } from '../check-context.ts';
import { judgeSpeed, type SpeedVerdict } from './judge-speed.ts';
import type { ModelPart } from '../parts/part.ts';
import { PartRefused } from '../parts/part-refused.ts';
import { sameRelease } from '../plan/plan-check.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import type { ResolvedRelease } from '#pipelines/releases';
import { untimedFindings } from './untimed.ts';
import { baselinesOn, isAskedOf, latencyBudgets, latencyGates } from './speed-questions.ts';
import { protocolFault } from './speed-protocol.ts';
import { setStage, type Present } from '../plan/plan-comparisons.ts';

type Speed = {
  findings: Finding[];
  reports: LatencyReport[];
  /** Peak memory of the candidate by chipset, in bytes. */
  peaks: ReadonlyMap<string, number>;
  notes: string[];
};

/** Speed as the replay parts measured it, on every chipset that was there. */
export async function judgeChipsets(planned: PlannedModel, parts: readonly ModelPart[], context: CheckContext): Promise<Speed> {
  const speed: Speed = { findings: [], reports: [], peaks: new Map(), notes: [] };
  const enrolled = await enrolledKeys(context);
  const peaks = new Map<string, number>();
  for (const here of setStage(planned, parts).present) {
    const { name } = here.chipset;
    const part = parts.find(({ present }) => present.some((chipset) => chipset.name === name));
    // Nothing was measured where nothing could be shown: no dataset is named by any gate.
    const isMeasured = planned.plan.research.length + planned.plan.replay.length > 0;
    if (part === undefined || !isMeasured || !isAskedOf(planned, here.chipset)) continue;
    if (here.key.emulator !== undefined) {
      speed.findings.push(...untimedFindings(planned, here.chipset, context));
      continue;
    }
    const known = Object.hasOwn(enrolled, name) ? enrolled[name] : undefined;
    const isEnrolled = known !== undefined && sameKey(known, here.key);
    for (const baseline of baselinesOn(planned, here.chipset)) {
      const { judged, notes } = judge({ planned, part, here, baseline, isEnrolled }, context);
      speed.findings.push(...judged.findings);
      speed.reports.push({ ...judged.report, key: { ...here.key } });
      speed.notes.push(...judged.notes, ...notes);
    }
    const peak = part.measured.peaks.find(({ chipset }) => chipset === name);
    if (peak !== undefined) peaks.set(name, peak.bytes);
  }
  return { ...speed, peaks };
}

type Question = {
  planned: PlannedModel;
  part: ModelPart;
  here: Present;
  baseline: ResolvedRelease | null;
  isEnrolled: boolean;
};

function judge(
  { planned, part, here: { chipset }, baseline, isEnrolled }: Question,
  { request }: CheckContext,
): { judged: SpeedVerdict; notes: string[] } {
  const gates = latencyGates(planned, chipset);
  const [first, second] = attemptsOf(part, chipset.name, baseline, gates);
  const attempt = (blocks: readonly LatencyBlock[], remeasured: boolean) =>
    judgeSpeed({
      chipset: chipset.name,
      gates,
      budgets: latencyBudgets(chipset),
      enrolled: isEnrolled,
      blocks,
      first: baseline === null,
      identical: request.identity && baseline !== null && sameRelease(baseline.release, planned.candidate.release),
      remeasured,
    });
  const once = attempt(first, false);
  // A second measurement that the first did not call for would be a choice between two.
  if (!once.measureAgain || second === undefined) return { judged: once, notes: [] };
  const note = `Latency on ${chipset.name} was measured twice: a disturbed machine left the first run undecided.`;
  return { judged: attempt(second, true), notes: [note] };
}

function attemptsOf(
  { measured }: ModelPart,
  chipset: string,
  baseline: ResolvedRelease | null,
  gates: readonly LatencyGate[],
): [readonly LatencyBlock[], (readonly LatencyBlock[])?] {
  const speed = measured.speeds.find(
    ({ chipset: on, reference }) =>
      on === chipset &&
      (baseline === null || reference === null ? baseline === reference : sameRelease(reference, baseline.release)),
  );
  const [first, second] = speed?.attempts ?? [];
  if (first === undefined)
    throw new PartRefused({ round: 'replay', chipset }, `it holds no latency against ${baseline?.release.model ?? 'nothing'}`);
  for (const blocks of second === undefined ? [first] : [first, second]) {
    const fault = protocolFault(blocks, gates, { first: baseline === null });
    if (fault !== null) throw new PartRefused({ round: 'replay', chipset }, fault);
  }
  return second === undefined ? [first] : [first, second];
}

import { CouldNotRun } from '#kernel';
import { sameKey, type LatencyBlock, type LatencyGate } from '#eval';
import type { ChipsetConfig } from '../config/config.ts';
import type { Finding, LatencyReport } from '../report/check-report.ts';
import { enrolledKeys } from './chipset-keys.ts';
import type { CheckContext } from './check-context.ts';
import { judgeSpeed, type SpeedVerdict } from './judge-speed.ts';
import type { ModelPart } from './part.ts';
import { sameRelease } from './plan-check.ts';
import type { PlannedModel } from './plan-model-change.ts';
import type { ResolvedRelease } from './resolve-release.ts';
import { baselinesOn, isAskedOf, latencyBudgets, latencyGates, endsWhereItShould } from './speed-questions.ts';
import { setStage, type Present } from './stage.ts';

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
  const [first, second] = attemptsOf(part, chipset, planned, baseline);
  const attempt = (blocks: readonly LatencyBlock[], remeasured: boolean) =>
    judgeSpeed({
      chipset: chipset.name,
      gates: latencyGates(planned, chipset),
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
  chipset: ChipsetConfig,
  planned: PlannedModel,
  baseline: ResolvedRelease | null,
): [readonly LatencyBlock[], (readonly LatencyBlock[])?] {
  const speed = measured.speeds.find(
    ({ chipset: on, reference }) =>
      on === chipset.name &&
      (baseline === null || reference === null ? baseline === reference : sameRelease(reference, baseline.release)),
  );
  const [first, second] = speed?.attempts ?? [];
  if (first === undefined) throw refused(chipset.name, `it holds no latency against ${baseline?.release.model ?? 'nothing'}`);
  const arms = baseline === null ? ['candidate'] : ['candidate', 'control', 'reference'];
  const gates = baseline === null ? [] : latencyGates(planned, chipset);
  for (const blocks of second === undefined ? [first] : [first, second]) refuseUnpaired(blocks, arms, gates, chipset.name);
  return second === undefined ? [first] : [first, second];
}

/** Ratios are taken within pairs: each pair holds every arm once, with as many requests. */
function refuseUnpaired(
  blocks: readonly LatencyBlock[],
  arms: readonly string[],
  gates: readonly LatencyGate[],
  chipset: string,
): void {
  const pairs = Map.groupBy(blocks, ({ pair }) => pair);
  const isPaired = (pair: readonly LatencyBlock[]) =>
    pair
      .map(({ arm }) => arm)
      .toSorted()
      .join() === arms.join() && new Set(pair.map(({ milliseconds }) => milliseconds.length)).size === 1;
  if (![...pairs.values()].every((pair) => isPaired(pair))) {
    throw refused(chipset, `its latency is not that of pairs of ${arms.join(', ')}`);
  }
  if (!endsWhereItShould(blocks, gates)) {
    throw refused(chipset, `its latency was measured for ${pairs.size} pairs, which is not where measuring ends`);
  }
}

function refused(chipset: string, message: string): CouldNotRun {
  return new CouldNotRun({
    file: `the replay part of ${chipset}`,
    message,
    remedy: 'run that part again, with the version of Fieldproof that this check has',
  });
}

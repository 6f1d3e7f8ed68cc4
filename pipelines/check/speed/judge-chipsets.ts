import { sameKey } from '#runners';
import type { LatencyBlock } from '#eval';
import type { Finding, LatencyReport } from '#report';
import { sameRelease } from '#kernel';
import { enrolledKeys } from './chipset-keys.ts';
import type { ModelRepository } from '#git';
import type { Change } from '../plan/gather-change.ts';
import { judgeSpeed, type SpeedVerdict } from './judge-speed.ts';
import type { ModelPart } from '../parts/part.ts';
import { tellSpeed } from './tell-speed.ts';
import { PartRefused } from '../parts/part-refused.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import { untimedFindings } from './untimed.ts';
import { speedQuestions, type SpeedQuestion } from './speed-questions.ts';
import { protocolFault } from './speed-protocol.ts';
import type { Present } from '../plan/plan-comparisons.ts';

type Speed = {
  findings: Finding[];
  reports: LatencyReport[];
  /** Peak memory of the candidate by chipset, in bytes. */
  peaks: ReadonlyMap<string, number>;
  notes: string[];
};

/** Speed as the replay parts measured it, on every chipset that was there. */
export async function judgeChipsets(
  planned: Planned,
  present: readonly Present[],
  parts: readonly ModelPart[],
  context: Judging,
): Promise<Speed> {
  const speed: Speed = { findings: [], reports: [], peaks: new Map(), notes: [] };
  const enrolled = await enrolledKeys(context);
  const peaks = new Map<string, number>();
  for (const question of speedQuestions(planned, present, context.request)) {
    const { chipset, key } = question.here;
    const part = parts.find((one) => one.present.some(({ name }) => name === chipset.name));
    if (part === undefined) continue;
    if (key.emulator !== undefined) {
      speed.findings.push(...untimedFindings(question));
      continue;
    }
    const known = Object.hasOwn(enrolled, chipset.name) ? enrolled[chipset.name] : undefined;
    const { judged, notes } = judge(question, part, known !== undefined && sameKey(known, key));
    speed.findings.push(...judged.findings);
    const peak = part.measured.peaks.find((one) => one.chipset === chipset.name);
    const own = speedOf(question, part);
    speed.reports.push({ ...judged.report, key: { ...key }, ...(own && tellSpeed(own, peak?.bytes ?? null)) });
    speed.notes.push(...judged.notes, ...notes);
    if (peak !== undefined) peaks.set(chipset.name, peak.bytes);
  }
  return { ...speed, peaks };
}

type Planned = Pick<PlannedModel, 'plan' | 'candidate' | 'references'>;
type Judging = {
  change: Pick<Change, 'policy'>;
  ports: { repository: Pick<ModelRepository, 'readFile'> };
  request: { identity: boolean };
};

function judge(question: SpeedQuestion, part: ModelPart, enrolled: boolean): { judged: SpeedVerdict; notes: string[] } {
  const [first, second] = attemptsOf(question, part);
  const once = judgeSpeed(question, { blocks: first, attempt: 1, enrolled });
  // A second measurement that the first did not call for would be a choice between two.
  if (!once.measureAgain || second === undefined) return { judged: once, notes: [] };
  const { name } = question.here.chipset;
  const note = `Latency on ${name} was measured twice: a disturbed machine left the first run undecided.`;
  return { judged: judgeSpeed(question, { blocks: second, attempt: 2, enrolled }), notes: [note] };
}

function speedOf({ here, baseline }: Pick<SpeedQuestion, 'here' | 'baseline'>, { measured }: Pick<ModelPart, 'measured'>) {
  return measured.speeds.find(
    ({ chipset, reference }) =>
      chipset === here.chipset.name &&
      (baseline === null || reference === null ? baseline === reference : sameRelease(reference, baseline.release)),
  );
}

/** @throws PartRefused when there is no such measurement, or none that the protocol could have given */
function attemptsOf(
  { here, baseline, gates }: SpeedQuestion,
  { measured }: ModelPart,
): [readonly LatencyBlock[], (readonly LatencyBlock[])?] {
  const chipset = here.chipset.name;
  const [first, second] = speedOf({ here, baseline }, { measured })?.attempts ?? [];
  if (first === undefined)
    throw new PartRefused(
      { round: 'replay', chipset },
      `it holds no latency against ${baseline === null ? 'nothing' : 'the deployed release'}`,
    );
  for (const blocks of second === undefined ? [first] : [first, second]) {
    const fault = protocolFault(blocks, gates, { first: baseline === null });
    if (fault !== null) throw new PartRefused({ round: 'replay', chipset }, fault);
  }
  return second === undefined ? [first] : [first, second];
}

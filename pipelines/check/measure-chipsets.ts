import {
  isPrecise,
  latencyRequests,
  measureLatency,
  pickPictures,
  sameKey,
  type LatencyBlock,
  type LatencyPictures,
} from '#eval';
import type { Finding, LatencyReport } from '../report/check-report.ts';
import { enrolledKeys } from './chipset-keys.ts';
import type { JudgeContext } from './judge-context.ts';
import { judgeSpeed, type SpeedVerdict } from './judge-speed.ts';
import { sameRelease } from './plan-check.ts';
import type { PlannedModel } from './plan-model-change.ts';
import type { ResolvedRelease } from './resolve-release.ts';
import type { Present, Stage } from './stage.ts';

export type Speed = {
  findings: Finding[];
  reports: LatencyReport[];
  /** Peak memory of the candidate by chipset, in bytes. */
  peaks: ReadonlyMap<string, number>;
  notes: string[];
};

/** Block pairs of one measurement; the protocol asks for 30 at least. A noisy machine is asked for more of them. */
const PAIRS = 30;
const MOST_PAIRS = 180;
const PICTURES = 16;

/** Candidate against each deployed release on each chipset, in turn on this machine. Latency is never taken from a cache. */
export async function measureChipsets(planned: PlannedModel, { present }: Stage, context: JudgeContext): Promise<Speed> {
  const speed: Speed = { findings: [], reports: [], peaks: new Map(), notes: [] };
  const pictures = await picturesFor(planned, context);
  if (pictures === null) return speed;
  const enrolled = await enrolledKeys(context);
  const peaks = new Map<string, number>();
  for (const here of present) {
    if (!isAsked(planned, here)) continue;
    const known = enrolled[here.chipset.name];
    const isEnrolled = known !== undefined && sameKey(known, here.key);
    for (const baseline of baselinesOn(planned, here)) {
      const { judged, peak, notes } = await measureUntilDecided({ here, baseline, isEnrolled, planned, pictures }, context);
      speed.findings.push(...judged.findings);
      speed.reports.push({ ...judged.report, key: { ...here.key } });
      speed.notes.push(...notes);
      if (peak !== null) peaks.set(here.chipset.name, peak);
    }
  }
  return { ...speed, peaks };
}

type Measurement = {
  here: Present;
  baseline: ResolvedRelease | null;
  isEnrolled: boolean;
  planned: PlannedModel;
  pictures: LatencyPictures;
};

type Question = Pick<Measurement, 'here' | 'baseline' | 'planned' | 'pictures'> & { gates: ReturnType<typeof latencyGates> };

/** A measurement that a disturbed machine left undecided is made once more, and the report says so. */
async function measureUntilDecided(
  { here, baseline, isEnrolled, planned, pictures }: Measurement,
  context: JudgeContext,
): Promise<{ judged: SpeedVerdict; peak: number | null; notes: string[] }> {
  const identical = context.request.identity && baseline !== null && sameRelease(baseline.release, planned.candidate.release);
  const attempt = async (remeasured: boolean) => {
    const gates = latencyGates(planned, here);
    const { blocks, peak } = await measure({ here, baseline, planned, pictures, gates }, context);
    const judged = judgeSpeed({
      chipset: here.chipset.name,
      gates,
      budgets: latencyBudgets(here),
      enrolled: isEnrolled,
      blocks,
      first: baseline === null,
      identical,
      remeasured,
    });
    return { judged, peak };
  };
  const once = await attempt(false);
  if (!once.judged.measureAgain) return { ...once, notes: once.judged.notes };
  const note = `Latency on ${here.chipset.name} was measured twice: a disturbed machine left the first run undecided.`;
  const again = await attempt(true);
  return { ...again, notes: [...again.judged.notes, note] };
}

function isAsked(planned: PlannedModel, here: Present): boolean {
  const { budgets } = here.chipset;
  return latencyGates(planned, here).length > 0 || Object.keys(latencyBudgets(here)).length > 0 || budgets.memory !== undefined;
}

function latencyGates({ plan }: PlannedModel, { chipset }: Present) {
  return plan.model.gates.flatMap((gate) =>
    gate.kind === 'latency' && (gate.chipset === '*' || gate.chipset === chipset.name) ? [gate] : [],
  );
}

function latencyBudgets({ chipset: { budgets } }: Present) {
  const { image: _image, memory: _memory, ...latency } = budgets;
  return latency;
}

function baselinesOn({ references }: PlannedModel, { chipset }: Present): (ResolvedRelease | null)[] {
  const here = references.filter(({ role, chipsets }) => role === 'baseline' && chipsets.includes(chipset.name));
  return here.length === 0 ? [null] : here.map(({ resolved }) => resolved);
}

/** What the model really gets: frames where it is judged on footage, encoded pictures otherwise. */
async function picturesFor({ plan }: PlannedModel, { datasets }: JudgeContext): Promise<LatencyPictures | null> {
  const [replay, research] = [plan.replay[0], plan.research[0]];
  const open = replay === undefined ? datasets.research.get(research ?? '')?.open : datasets.replay.get(replay)?.open;
  return open === undefined ? null : await pickPictures(open, PICTURES);
}

async function measure(
  { here: { chipset }, baseline, planned: { candidate }, pictures, gates }: Question,
  { pool, ports, seed }: JudgeContext,
): Promise<{ blocks: readonly LatencyBlock[]; peak: number | null }> {
  const { clock, progress } = ports;
  progress.step(`latency on ${chipset.name}`, PAIRS);
  const start = async (release: ResolvedRelease) => {
    const model = await pool.startAnother(release.servable, chipset);
    return { model, requests: latencyRequests(model.metadata, pictures) };
  };
  const arm = await start(candidate);
  const arms =
    baseline === null ? { candidate: arm } : { candidate: arm, reference: await start(baseline), control: await start(baseline) };
  let pairs = 0;
  const onPair = () => {
    if (pairs === PAIRS) progress.step(`latency on ${chipset.name}, for longer on a noisy machine`, MOST_PAIRS - PAIRS);
    pairs += 1;
    progress.advance();
  };
  const longer = { most: MOST_PAIRS, enough: (blocks: readonly LatencyBlock[]) => isPrecise(blocks, gates) };
  const blocks = await measureLatency(arms, { pairs: PAIRS, seed, clock, onPair, ...(baseline !== null && { longer }) });
  const peak = await arm.model.peakMemory();
  for (const { model } of Object.values(arms)) await model.stop();
  return { blocks, peak };
}

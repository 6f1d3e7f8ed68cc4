import {
  isPrecise,
  latencyRequests,
  measureLatency,
  PAIRS_PER_START,
  pickPictures,
  type LatencyBlock,
  type LatencyPictures,
  type LatencyStarts,
} from '#eval';
import { judgeSpeed } from './judge-speed.ts';
import type { MeasureContext } from '../measure/measure-context.ts';
import type { Measured } from '../parts/part.ts';
import { sameRelease } from '../plan/plan-check.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import type { ResolvedRelease } from '#pipelines/releases';
import { MOST_STARTS, STARTS } from './speed-protocol.ts';
import { baselinesOn, isAskedOf, latencyBudgets, latencyGates } from './speed-questions.ts';
import type { Present, Stage } from '../plan/plan-comparisons.ts';

type Speeds = Pick<Measured, 'speeds' | 'peaks'>;

const PICTURES = 16;

/** Candidate against each deployed release on each chipset, in turn on this machine. Latency is never taken from a cache. */
export async function measureChipsets(planned: PlannedModel, { present }: Stage, context: MeasureContext): Promise<Speeds> {
  const speeds: Measured['speeds'] = [];
  const peaks = new Map<string, number>();
  const pictures = await picturesFor(planned, context);
  if (pictures === null) return { speeds, peaks: [] };
  for (const here of present) {
    if (!isAskedOf(planned, here.chipset) || here.key.emulator !== undefined) continue;
    for (const baseline of baselinesOn(planned, here.chipset)) {
      const { attempts, peak } = await measureUntilDecided({ here, baseline, planned, pictures }, context);
      speeds.push({ chipset: here.chipset.name, reference: baseline?.release ?? null, attempts });
      if (peak !== null) peaks.set(here.chipset.name, peak);
    }
  }
  return { speeds, peaks: [...peaks].map(([chipset, bytes]) => ({ chipset, bytes })) };
}

type Measurement = { here: Present; baseline: ResolvedRelease | null; planned: PlannedModel; pictures: LatencyPictures };

/** A measurement that a disturbed machine left undecided is made once more. */
async function measureUntilDecided(
  measurement: Measurement,
  context: MeasureContext,
): Promise<{ attempts: Measured['speeds'][number]['attempts']; peak: number | null }> {
  const once = await measure(measurement, context);
  if (!isUndecided(measurement, once.blocks, context)) return { attempts: [writable(once.blocks)], peak: once.peak };
  const again = await measure(measurement, context);
  return { attempts: [writable(once.blocks), writable(again.blocks)], peak: again.peak };
}

function isUndecided(
  { here: { chipset }, baseline, planned }: Measurement,
  blocks: readonly LatencyBlock[],
  context: MeasureContext,
): boolean {
  return judgeSpeed({
    chipset: chipset.name,
    gates: latencyGates(planned, chipset),
    budgets: latencyBudgets(chipset),
    enrolled: false, // budgets have no say in whether to measure again
    blocks,
    first: baseline === null,
    identical: context.request.identity && baseline !== null && sameRelease(baseline.release, planned.candidate.release),
    remeasured: false,
  }).measureAgain;
}

function writable(blocks: readonly LatencyBlock[]) {
  return blocks.map(({ milliseconds, ...block }) => ({ ...block, milliseconds: [...milliseconds] }));
}

/** What the model really gets: frames where it is judged on footage, encoded pictures otherwise. */
async function picturesFor({ plan }: PlannedModel, { datasets }: MeasureContext): Promise<LatencyPictures | null> {
  const [replay, research] = [plan.replay[0], plan.research[0]];
  const open = replay === undefined ? datasets.research.get(research ?? '')?.open : datasets.replay.get(replay)?.open;
  return open === undefined ? null : await pickPictures(open, PICTURES);
}

async function measure(
  measurement: Measurement,
  context: MeasureContext,
): Promise<{ blocks: readonly LatencyBlock[]; peak: number | null }> {
  const { chipset } = measurement.here;
  const { clock, progress } = context.ports;
  const { peaks, ...starts } = startsOf(measurement, context);
  const gates = latencyGates(measurement.planned, chipset);
  const longer = { most: MOST_STARTS, enough: (soFar: readonly LatencyBlock[]) => isPrecise(soFar, gates) };
  progress.step(`latency on ${chipset.name}`, STARTS * PAIRS_PER_START);
  let pairs = 0;
  const onPair = () => {
    if (pairs === STARTS * PAIRS_PER_START)
      progress.step(`latency on ${chipset.name}, for longer on a noisy machine`, (MOST_STARTS - STARTS) * PAIRS_PER_START);
    pairs += 1;
    progress.advance();
  };
  const plan = { starts: STARTS, seed: context.seed, clock, onPair, ...(measurement.baseline !== null && { longer }) };
  const blocks = await measureLatency(starts, plan);
  return { blocks, peak: peaks.length === 0 ? null : Math.max(...peaks) };
}

/** `peaks`: of the candidate's memory, in bytes, from each start that has ended. */
function startsOf(
  { here, baseline, planned, pictures }: Measurement,
  { pool }: MeasureContext,
): LatencyStarts & { peaks: number[] } {
  const peaks: number[] = [];
  const arm = async (release: ResolvedRelease) => {
    const model = await pool.startAnother(release.servable, here.chipset);
    return { model, requests: latencyRequests(model.metadata, pictures) };
  };
  return {
    peaks,
    start: async () => {
      if (baseline === null) return { candidate: await arm(planned.candidate) };
      const [candidate, reference, control] = await Promise.all([arm(planned.candidate), arm(baseline), arm(baseline)]);
      return { candidate, reference, control };
    },
    end: async (arms) => {
      const peak = await arms.candidate.model.peakMemory();
      if (peak !== null) peaks.push(peak);
      await Promise.all(Object.values(arms).map(async ({ model }) => await model.stop()));
    },
  };
}

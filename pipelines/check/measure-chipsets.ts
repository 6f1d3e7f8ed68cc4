import { isPrecise, latencyRequests, measureLatency, pickPictures, type LatencyBlock, type LatencyPictures } from '#eval';
import { judgeSpeed } from './judge-speed.ts';
import type { MeasureContext } from './measure-context.ts';
import type { Measured } from './part.ts';
import { sameRelease } from './plan-check.ts';
import type { PlannedModel } from './plan-model-change.ts';
import type { ResolvedRelease } from './resolve-release.ts';
import { MOST_PAIRS, PAIRS } from './speed-protocol.ts';
import { baselinesOn, isAskedOf, latencyBudgets, latencyGates } from './speed-questions.ts';
import type { Present, Stage } from './stage.ts';

type Speeds = Pick<Measured, 'speeds' | 'peaks'>;

const PICTURES = 16;

/** Candidate against each deployed release on each chipset, in turn on this machine. Latency is never taken from a cache. */
export async function measureChipsets(planned: PlannedModel, { present }: Stage, context: MeasureContext): Promise<Speeds> {
  const speeds: Measured['speeds'] = [];
  const peaks = new Map<string, number>();
  const pictures = await picturesFor(planned, context);
  if (pictures === null) return { speeds, peaks: [] };
  for (const here of present) {
    if (!isAskedOf(planned, here.chipset)) continue;
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
  { here: { chipset }, baseline, planned, pictures }: Measurement,
  { pool, ports, seed }: MeasureContext,
): Promise<{ blocks: readonly LatencyBlock[]; peak: number | null }> {
  const { clock, progress } = ports;
  progress.step(`latency on ${chipset.name}`, PAIRS);
  const start = async (release: ResolvedRelease) => {
    const model = await pool.startAnother(release.servable, chipset);
    return { model, requests: latencyRequests(model.metadata, pictures) };
  };
  const arm = await start(planned.candidate);
  const arms =
    baseline === null ? { candidate: arm } : { candidate: arm, reference: await start(baseline), control: await start(baseline) };
  let pairs = 0;
  const onPair = () => {
    if (pairs === PAIRS) progress.step(`latency on ${chipset.name}, for longer on a noisy machine`, MOST_PAIRS - PAIRS);
    pairs += 1;
    progress.advance();
  };
  const gates = latencyGates(planned, chipset);
  const longer = { most: MOST_PAIRS, enough: (soFar: readonly LatencyBlock[]) => isPrecise(soFar, gates) };
  const blocks = await measureLatency(arms, { pairs: PAIRS, seed, clock, onPair, ...(baseline !== null && { longer }) });
  const peak = await arm.model.peakMemory();
  for (const { model } of Object.values(arms)) await model.stop();
  return { blocks, peak };
}

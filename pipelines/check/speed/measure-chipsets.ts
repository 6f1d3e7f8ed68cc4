import {
  type Arm,
  isPrecise,
  latencyRequests,
  measureLatency,
  PAIRS_PER_START,
  pickPictures,
  runScenario,
  tellLoad,
  type LatencyBlock,
  type LatencyPictures,
  type LatencyStarts,
} from '#eval';
import { judgeSpeed } from './judge-speed.ts';
import type { MeasureContext } from '../check-context.ts';
import type { Measured } from '../parts/part.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import type { ResolvedRelease } from '#pipelines/releases';
import { SpeedNotes } from './speed-notes.ts';
import { mostStarts, STARTS } from './speed-protocol.ts';
import { speedQuestions, type SpeedQuestion } from './speed-questions.ts';
import { latencyStep, loadStep } from './speed-steps.ts';
import type { Present } from '../plan/plan-comparisons.ts';

type Speeds = Pick<Measured, 'speeds' | 'peaks'>;

const PICTURES = 16;
const WARM_UP_SECONDS = 0.5;

/** Candidate against each deployed release on each chipset, in turn on this machine. Latency is never taken from a cache. */
export async function measureChipsets(
  planned: PlannedModel,
  present: readonly Present[],
  context: MeasureContext,
): Promise<Speeds> {
  const speeds: Measured['speeds'] = [];
  const peaks = new Map<string, number>();
  const timed = present.filter(({ key }) => key.emulator === undefined);
  const questions = speedQuestions(planned, timed, context.request);
  const pictures = questions.length === 0 ? null : await picturesFor(planned);
  if (pictures === null) return { speeds, peaks: [] };
  for (const question of questions) {
    const { chipset } = question.here;
    const notes = new SpeedNotes();
    const { attempts, peak } = await measureUntilDecided({ question, candidate: planned.candidate, pictures, notes }, context);
    await loadCandidate({ question, candidate: planned.candidate, pictures, notes }, context);
    speeds.push({ chipset: chipset.name, reference: question.baseline?.release ?? null, attempts, about: notes.written() });
    if (peak !== null) peaks.set(chipset.name, peak);
  }
  return { speeds, peaks: [...peaks].map(([chipset, bytes]) => ({ chipset, bytes })) };
}

type Measurement = { question: SpeedQuestion; candidate: ResolvedRelease; pictures: LatencyPictures; notes: SpeedNotes };

/** The candidate alone, under every load that the chipset names: it is shown, and nothing is judged by it. */
async function loadCandidate(
  { question, candidate, pictures, notes }: Measurement,
  { pool, seed, ports }: MeasureContext,
): Promise<void> {
  const { chipset } = question.here;
  const { clock, progress } = ports;
  for (const scenario of chipset.scenarios ?? []) {
    progress.step(loadStep(scenario, question), 1);
    const model = await pool.startAnother(candidate.servable, chipset);
    const load = { model, requests: latencyRequests(model.metadata, pictures), clock, seed };
    await runScenario({ kind: 'single-stream', seconds: WARM_UP_SECONDS }, load);
    notes.loaded(tellLoad(scenario, await runScenario(scenario, load)));
    await model.stop();
    progress.advance();
  }
}

/** A measurement that a disturbed machine left undecided is made once more. */
async function measureUntilDecided(
  measurement: Measurement,
  context: MeasureContext,
): Promise<{ attempts: Measured['speeds'][number]['attempts']; peak: number | null }> {
  const once = await measure(measurement, context);
  // Budgets have no say in whether to measure again, so it does not matter whether the chipset is enrolled.
  const { measureAgain } = judgeSpeed(measurement.question, { blocks: once.blocks, attempt: 1, enrolled: false });
  if (!measureAgain) return { attempts: [writable(once.blocks)], peak: once.peak };
  const again = await measure(measurement, context);
  return { attempts: [writable(once.blocks), writable(again.blocks)], peak: again.peak };
}

function writable(blocks: readonly LatencyBlock[]) {
  return blocks.map(({ milliseconds, ...block }) => ({ ...block, milliseconds: [...milliseconds] }));
}

/** What the model really gets: frames where it is judged on footage, encoded pictures otherwise. */
async function picturesFor({ datasets }: PlannedModel): Promise<LatencyPictures | null> {
  const open = datasets.replay[0] ?? datasets.research[0];
  return open === undefined ? null : await pickPictures(open, PICTURES);
}

async function measure(
  measurement: Measurement,
  context: MeasureContext,
): Promise<{ blocks: readonly LatencyBlock[]; peak: number | null }> {
  const { gates, baseline } = measurement.question;
  const { clock, progress } = context.ports;
  const { peaks, ...starts } = startsOf(measurement, context);
  const most = mostStarts(gates);
  const longer = { most, enough: (soFar: readonly LatencyBlock[]) => isPrecise(soFar, gates) };
  const step = latencyStep(measurement.question);
  progress.step(step, STARTS * PAIRS_PER_START);
  let pairs = 0;
  const onPair = () => {
    if (pairs === STARTS * PAIRS_PER_START)
      progress.step(`${step}, for longer on a noisy machine`, (most - STARTS) * PAIRS_PER_START);
    pairs += 1;
    progress.advance();
  };
  const { runner } = context.ports;
  const state = runner.machineState?.bind(runner);
  const machine = state && { state, tell: measurement.notes.told.bind(measurement.notes) };
  const plan = { starts: STARTS, seed: context.seed, clock, onPair, machine, ...(baseline !== null && { longer }) };
  const blocks = await measureLatency(starts, plan);
  return { blocks, peak: peaks.length === 0 ? null : Math.max(...peaks) };
}

/** `peaks`: of the candidate's memory, in bytes, from each start that has ended. */
function startsOf(
  { question: { here, baseline }, candidate, pictures, notes }: Measurement,
  { pool, ports: { clock } }: MeasureContext,
): LatencyStarts & { peaks: number[] } {
  const peaks: number[] = [];
  const arm = async (name: Arm, release: ResolvedRelease) => {
    const began = clock.elapsed();
    const model = await pool.startAnother(release.servable, here.chipset);
    const ready = clock.elapsed();
    const requests = latencyRequests(model.metadata, pictures);
    const [first] = requests;
    if (first !== undefined) await model.infer(first);
    notes.started({ arm: name, ready: ready - began, first: clock.elapsed() - ready });
    return { model, requests };
  };
  return {
    peaks,
    start: async () => {
      if (baseline === null) return { candidate: await arm('candidate', candidate) };
      const [own, reference, control] = await Promise.all([
        arm('candidate', candidate),
        arm('reference', baseline),
        arm('control', baseline),
      ]);
      return { candidate: own, reference, control };
    },
    end: async (arms) => {
      const peak = await arms.candidate.model.peakMemory();
      if (peak !== null) peaks.push(peak);
      await Promise.all(Object.values(arms).map(async ({ model }) => await model.stop()));
    },
  };
}

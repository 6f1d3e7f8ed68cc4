import { CouldNotRun, type InferRequest } from '#kernel';
import type { OpenDataset, Sample } from '#datasets';
import { rankScores, type SampleTrial } from '#tasks';
import type { RunningModel } from '#runners';
import { inFlight } from './in-flight.ts';
import { inputFor, scoresOf } from './model-scores.ts';

export type SampleRun = {
  classes: number;
  /** Called with trials as they are made, never twice at a time; what it was given is safe if a later sample fails. */
  onTrials: (trials: readonly SampleTrial[]) => Promise<void>;
  /** Pictures per request, and requests under way: so that the server decodes some while it infers on others. */
  batch?: number;
  concurrency?: number;
};

/** Trials are handed on in lots, for keeping them costs a disk its flush. */
const LOT = 16;

/**
 * Asks a model about samples, as encoded images exactly as they are stored.
 * @throws CouldNotRun when an answer is wrong, naming the samples
 */
export async function runSamples(
  model: RunningModel,
  open: OpenDataset,
  samples: readonly Sample[],
  run: SampleRun,
): Promise<void> {
  const { classes, onTrials, batch = 4, concurrency = 4 } = run;
  const input = inputFor('image', model.metadata);
  let lot: SampleTrial[] = [];
  let handing: Promise<void> = Promise.resolve();
  const handOn = async () => {
    const [full, before] = [lot, handing];
    lot = [];
    handing = (async () => {
      await before;
      if (full.length > 0) await onTrials(full);
    })();
    await handing;
  };
  try {
    await inFlight(batchesOf(samples, batch), concurrency, async (group) => {
      const pictures = await Promise.all(group.map(async (sample) => await open.read(sample)));
      const trials = await ask(model, input, group, pictures, classes);
      lot.push(...trials);
      if (lot.length >= LOT) await handOn();
    });
  } finally {
    await handOn();
  }
}

/** One request for some pictures, as their bytes are stored. */
export function imageRequest(input: string, pictures: readonly Uint8Array[]): InferRequest {
  return { inputs: [{ name: input, datatype: 'BYTES', shape: [pictures.length], data: pictures }] };
}

async function ask(
  model: RunningModel,
  input: string,
  samples: readonly Sample[],
  pictures: readonly Uint8Array[],
  classes: number,
): Promise<SampleTrial[]> {
  try {
    const rows = scoresOf(await model.infer(imageRequest(input, pictures)), pictures.length, classes);
    return samples.map((sample, index) => trialOf(sample, rows[index] ?? new Float32Array()));
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    const names = samples.map(({ id }) => id).join(', ');
    const problems = thrown.problems.map((problem) => ({ ...problem, message: `asked about ${names}: ${problem.message}` }));
    throw new CouldNotRun(problems, { cause: thrown });
  }
}

function trialOf({ id, truth }: Sample, scores: Float32Array): SampleTrial {
  return { sample: id, truth, ...rankScores(scores, truth) };
}

function* batchesOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

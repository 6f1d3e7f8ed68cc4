import { CouldNotRun, type InferRequest, type ModelMetadata, type Parameters } from '#kernel';
import type { OpenDataset, PictureDataset, Sample } from '#datasets';
import type { Answer, ClassMapping, OfPictures } from '#tasks';
import type { RunningModel } from '#runners';
import { inFlight } from './in-flight.ts';
import { inputFor } from './input-for.ts';

export type PictureRun<D extends PictureDataset, A extends Answer> = {
  task: Pick<OfPictures<D, A>, 'decode' | 'sequenceOf'>;
  dataset: D;
  classes: ClassMapping;
  /** Instead of the model's own; null or nothing leaves it that. */
  threshold?: number | null;
  /** Called with answers as they come, never twice at a time; what it was given is safe if a later sample fails. */
  onAnswers: (answers: readonly A[]) => Promise<void>;
  /** Pictures per request, and requests under way: so that the server decodes some while it infers on others. */
  batch?: number;
  concurrency?: number;
};

const BAD_REMEDY =
  'restore the picture or take it out, and pin the dataset anew; or let `bad-samples` in fieldproof.yaml leave it out';

/** Answers are handed on in lots, for keeping them costs a disk its flush. */
const LOT = 16;

/**
 * Asks a model about samples, as encoded images exactly as they are stored. Those of a sequence are asked for one by one, in their order,
 * and handed on once all are answered: a sequence that was broken off begins anew.
 * @throws CouldNotRun when an answer is wrong, naming the samples
 */
export async function askPictures<D extends PictureDataset, A extends Answer>(
  model: RunningModel,
  open: Opened,
  samples: readonly Sample[],
  run: PictureRun<D, A>,
): Promise<void> {
  const { onAnswers, concurrency = 4, task } = run;
  const batch = Math.min(run.batch ?? 4, mostAtOnce(model.metadata));
  const bySequence = Map.groupBy(samples, (sample) => task.sequenceOf?.(sample) ?? null);
  const alone = batchesOf(bySequence.get(null) ?? [], batch);
  const sequences = [...bySequence].flatMap(([name, own]) => (name === null ? [] : [{ name, own }]));
  let lot: A[] = [];
  let handing: Promise<void> = Promise.resolve();
  const handOn = async () => {
    const [full, before] = [lot, handing];
    lot = [];
    handing = (async () => {
      await before;
      if (full.length > 0) await onAnswers(full);
    })();
    await handing;
  };
  try {
    await inFlight(alone, concurrency, async (group) => {
      const answers = await ask(model, open, { samples: group }, run);
      lot.push(...answers);
      if (lot.length >= LOT) await handOn();
    });
    // One at a time: a model that forgets what was before when another sequence begins would mix them up.
    for (const sequence of sequences) {
      const answers = await askInOrder(model, open, sequence, run);
      lot.push(...answers);
      await handOn();
    }
  } finally {
    await handOn();
  }
}

type Opened = Pick<OpenDataset, 'read' | 'pictureFault'>;

async function askInOrder<D extends PictureDataset, A extends Answer>(
  model: RunningModel,
  open: Opened,
  { name, own }: { name: string; own: readonly Sample[] },
  run: PictureRun<D, A>,
): Promise<readonly A[]> {
  const answers: A[] = [];
  for (const [at, sample] of own.entries()) {
    const parameters = { sequence_id: name, sequence_start: at === 0, sequence_end: at === own.length - 1 };
    answers.push(...(await ask(model, open, { samples: [sample], parameters }, run)));
  }
  return answers;
}

/** A first dimension that is a number is as many as the model takes, such as one; -1 or nothing said: any number. */
function mostAtOnce(metadata: ModelMetadata): number {
  const input = inputFor('image', metadata);
  const [most = -1] = metadata.inputs.find(({ name }) => name === input)?.shape ?? [];
  return most > 0 ? most : Infinity;
}

/** One request for some pictures, as their bytes are stored; in the shape that the model declares, such as Triton's [N, 1]. */
export function imageRequest(metadata: ModelMetadata, pictures: readonly Uint8Array[]): InferRequest {
  const name = inputFor('image', metadata);
  const [, ...rest] = metadata.inputs.find((input) => input.name === name)?.shape ?? [];
  return { inputs: [{ name, datatype: 'BYTES', shape: [pictures.length, ...rest.map(() => 1)], data: pictures }] };
}

async function ask<D extends PictureDataset, A extends Answer>(
  model: RunningModel,
  open: Opened,
  { samples, parameters }: { samples: readonly Sample[]; parameters?: Parameters },
  { task, dataset, classes, threshold }: PictureRun<D, A>,
): Promise<readonly A[]> {
  const pictures = await Promise.all(samples.map(async (sample) => await open.read(sample)));
  try {
    const response = await model.infer({ ...imageRequest(model.metadata, pictures), ...(parameters && { parameters }) });
    return task.decode(response, samples, dataset, classes, threshold ?? model.metadata.threshold ?? null);
  } catch (thrown) {
    await refuseBad(open, samples);
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    const names = samples.map(({ id }) => id).join(', ');
    const problems = thrown.problems.map((problem) => ({ ...problem, message: `asked about ${names}: ${problem.message}` }));
    throw new CouldNotRun(problems, { cause: thrown });
  }
}

/** A model is not blamed for a picture that nobody can decode. @throws CouldNotRun naming each of those */
async function refuseBad(open: Opened, samples: readonly Sample[]): Promise<void> {
  const reasons = await Promise.all(samples.map(async (sample) => (await open.pictureFault?.(sample)) ?? null));
  const problems = samples.flatMap(({ id }, index) => {
    const reason = reasons[index] ?? null;
    return reason === null ? [] : [{ file: id, message: reason, remedy: BAD_REMEDY }];
  });
  if (problems.length > 0) throw new CouldNotRun(problems);
}

function* batchesOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

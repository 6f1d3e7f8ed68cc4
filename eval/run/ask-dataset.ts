import type { OpenDataset } from '#datasets';
import type { RunningModel } from '#runners';
import { classMapping, taskOf, type Answer } from '#tasks';
import { askClips } from './ask-clips.ts';
import { askPictures } from './ask-pictures.ts';

export type DatasetRun = {
  /** Instead of the model's own; null leaves it that. Of no meaning for a task that knows none. */
  threshold: number | null;
  /** Clips under way: more than one only for a model without memory. */
  clipsAtOnce: number;
  /** Called with answers as they come, never twice at a time; what it was given is safe if something fails later. */
  onAnswers: (answers: readonly Answer[]) => Promise<void>;
};

/**
 * Asks a model what the dataset's task asks, about the samples or clips of these ids.
 * @throws CouldNotRun when an answer is wrong, or the model does not know a class that is asked for
 */
export async function askDataset(
  model: RunningModel,
  open: OpenDataset,
  ids: ReadonlySet<string>,
  { threshold, clipsAtOnce, onAnswers }: DatasetRun,
): Promise<void> {
  const { dataset } = open;
  const task = taskOf(dataset);
  const classes = classMapping(model.metadata.labels ?? null, dataset, model.metadata.name);
  if (task.medium === 'pictures' && dataset.medium === 'pictures') {
    const samples = dataset.samples.filter(({ id }) => ids.has(id));
    await askPictures(model, open, samples, { task, dataset, classes, threshold, onAnswers });
  } else if (task.medium === 'clips' && dataset.medium === 'clips') {
    const clips = dataset.clips.filter(({ id }) => ids.has(id));
    const onAnswer = async (answer: Answer) => await onAnswers([answer]);
    await askClips(model, open, clips, { task, dataset, classes, threshold, atOnce: clipsAtOnce, onAnswer });
  } else throw new TypeError(`${dataset.task} is asked about ${task.medium}, and ${dataset.name} holds ${dataset.medium}`);
}

import type { Clip, ClipDataset, OpenDataset } from '#datasets';
import type { RunningModel } from '#runners';
import type { Answer, OfClips } from '#tasks';
import { readClip, type ClipRun } from './ask-clip.ts';
import { inFlight } from './in-flight.ts';

export type ClipsRun<D extends ClipDataset, A extends Answer> = Omit<ClipRun, 'task' | 'dataset'> & {
  task: Pick<OfClips<D, A>, 'read' | 'conclude'>;
  dataset: D;
  /** Clips under way: one is decoded while another is inferred. More than one only for a model without memory. */
  atOnce: number;
  /** Called with each answer as it comes, never twice at a time. */
  onAnswer: (answer: A) => Promise<void>;
};

/**
 * Shows a model the clips of a dataset. The requests of each follow one another, whatever other clips are under way.
 * @throws CouldNotRun as readClip does; what `onAnswer` was given is safe
 */
export async function askClips<D extends ClipDataset, A extends Answer>(
  model: RunningModel,
  open: Pick<OpenDataset, 'frames'>,
  clips: readonly Clip[],
  run: ClipsRun<D, A>,
): Promise<void> {
  let handing: Promise<void> = Promise.resolve();
  await inFlight(clips, run.atOnce, async (clip) => {
    const { readings, threshold } = await readClip(model, open, clip, run);
    const answer = run.task.conclude(readings, clip, run.dataset, threshold);
    const before = handing;
    handing = (async () => {
      await before.catch(() => {}); // reported to whoever handed it over
      await run.onAnswer(answer);
    })();
    await handing;
  });
}

import type { Clip, OpenDataset } from '#datasets';
import type { RunningModel } from '#runners';
import type { ClipTrial } from '#tasks';
import { inFlight } from './in-flight.ts';
import { runClip, type ClipRun } from './run-clip.ts';

export type ClipsRun = ClipRun & {
  /** Clips under way: one is decoded while another is inferred. More than one only for a model without memory. */
  atOnce: number;
  /** Called with each trial as it is made, never twice at a time. */
  onTrial: (trial: ClipTrial) => Promise<void>;
};

/**
 * Shows a model the clips of a dataset. The requests of each follow one another, whatever other clips are under way.
 * @throws CouldNotRun as runClip does; what `onTrial` was given is safe
 */
export async function runClips(model: RunningModel, open: OpenDataset, clips: readonly Clip[], run: ClipsRun): Promise<void> {
  let handing: Promise<void> = Promise.resolve();
  await inFlight(clips, run.atOnce, async (clip) => {
    const trial = await runClip(model, open, clip, run);
    const before = handing;
    handing = (async () => {
      await before.catch(() => {}); // told to whoever handed it over
      await run.onTrial(trial);
    })();
    await handing;
  });
}

import { setImmediate as turn } from 'node:timers/promises';
import { CouldNotRun, type Digest, type Problem } from '#kernel';
import { checkLength } from '../check-clips.ts';
import type { ClipDataset } from '../dataset.ts';
import { clipId, type DeclaredClip } from '../declared.ts';
import type { PinnedFile, PinnedFiles } from './pinned-files.ts';
import { locateVideo } from './video-clip.ts';

type Locate = (path: string, pin: Digest) => PinnedFile;

/** Events must lie inside the footage. Headers are believed, and looked into only where they make no sense. */
export async function checkLengths(
  declared: readonly DeclaredClip[],
  { clips }: Pick<ClipDataset, 'clips'>,
  files: PinnedFiles,
  locate: Locate,
): Promise<readonly Problem[]> {
  const byId = new Map(clips.map((clip) => [clip.id, clip]));
  const problems: Problem[] = [];
  for (const [index, clip] of declared.entries()) {
    const found = byId.get(clipId(clip.media));
    if (found === undefined) continue;
    const { media } = found;
    if (media.kind === 'frames') problems.push(...checkLength(clip, media.frames.length / media.framesPerSecond));
    else problems.push(...(await checkVideo(clip, locateVideo(found, locate), files)));
    if (index % 32 === 31) await turn();
  }
  return problems;
}

/** A clip that does not open, or is too short, is most often not the pinned one: that is the better message. */
async function checkVideo(
  clip: DeclaredClip,
  { video, files }: ReturnType<typeof locateVideo>,
  pinned: PinnedFiles,
): Promise<readonly Problem[]> {
  const { measuredSeconds, promisedSeconds } = await import('./video-seconds.ts');
  try {
    if (checkLength(clip, promisedSeconds(video)).length === 0) return [];
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
  }
  try {
    for (const file of files) await pinned.verify(file);
    return checkLength(clip, measuredSeconds(video));
  } catch (thrown) {
    if (thrown instanceof CouldNotRun) return thrown.problems;
    throw thrown;
  }
}

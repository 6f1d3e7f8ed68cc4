import { CouldNotRun, type Digest } from '#kernel';
import type { Clip, Dataset, Sample } from '../dataset.ts';
import type { BadItem } from '../leave-out.ts';
import { examinePicture } from './examine-picture.ts';
import type { PinnedFile, PinnedFiles } from './pinned-files.ts';
import { readAhead } from './read-ahead.ts';
import { locateVideo } from './video-clip.ts';

/** Pictures under way: as many as there are threads that decode them. */
const AT_ONCE = 4;

type Files = { pinned: PinnedFiles; locate: (path: string, pin: Digest) => PinnedFile };

/**
 * Decodes all of a dataset once, and tells what cannot be decoded.
 * @throws CouldNotRun when a file is gone, or not the pinned one: that is no bad sample but another dataset
 */
export async function findBad(dataset: Dataset, files: Files): Promise<readonly BadItem[]> {
  const bad: BadItem[] = [];
  const note = (id: string, reason: string | null) => void (reason !== null && bad.push({ id, reason }));
  if (dataset.medium === 'clips') {
    for (const clip of dataset.clips) note(clip.id, await clipFault(clip, files));
    return bad;
  }
  for (let start = 0; start < dataset.samples.length; start += AT_ONCE) {
    const group = dataset.samples.slice(start, start + AT_ONCE);
    const reasons = await Promise.all(group.map(async (sample) => await pictureFault(sample, files)));
    for (const [index, sample] of group.entries()) note(sample.id, reasons[index] ?? null);
  }
  return bad;
}

/** What would keep a picture from being pinned; null where nothing does. */
export async function pictureFault({ id, pin }: Pick<Sample, 'id' | 'pin'>, { pinned, locate }: Files): Promise<string | null> {
  const found = await examinePicture(await pinned.read(locate(id, pin)));
  return 'fault' in found ? found.fault : null;
}

async function clipFault(clip: Clip, { pinned, locate }: Files): Promise<string | null> {
  if (clip.media.kind === 'frames') {
    for (const { file, pin } of clip.media.frames) {
      const reason = await pictureFault({ id: file, pin }, { pinned, locate });
      if (reason !== null) return `${file} ${reason}`;
    }
    return null;
  }
  const { video, files } = locateVideo(clip, locate);
  for (const file of files) await pinned.verify(file);
  const { decodeVideo } = await import('./video.ts');
  // One picture as RGB tells whether all can be; the others are decoded and let go.
  let isFirst = true;
  const first = () => [isFirst, (isFirst = false)][0] ?? false;
  return await faultOf(async () => await Array.fromAsync(readAhead(decodeVideo(video, first), 1)));
}

async function faultOf(decode: () => Promise<unknown>): Promise<string | null> {
  try {
    await decode();
    return null;
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    return thrown.problems.map(({ message }) => message).join('; ');
  }
}

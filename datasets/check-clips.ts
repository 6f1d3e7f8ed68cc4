import { problemAt, type Problem, type SourceMap } from '#kernel';
import type { Classes } from './classes.ts';
import type { TimedEvent } from './dataset.ts';
import { clipId, type Checked, type DeclaredClip } from './declared.ts';
import type { ReplayManifest } from './manifest.ts';
import { isRawVideo, isVideo, READ_VIDEOS } from './video-kind.ts';

/** Events may end this much after the footage, in seconds: annotations are rounded to hundredths, frames are not. */
const ROUNDING = 0.05;

/** The label map with indices in place of names. */
export function resolveLabels(
  labels: ReplayManifest['labels'],
  classes: Classes,
  source: SourceMap,
): Checked<Readonly<Record<string, readonly number[]>>> {
  const problems: Problem[] = [];
  const resolved = Object.entries(labels).map(([label, references]) => {
    const indices = references.flatMap((reference, position) => {
      const found = classes.find(reference);
      if ('index' in found) return [found.index];
      problems.push(problemAt(source, ['labels', label, position], found.fault, found.remedy));
      return [];
    });
    if (new Set(indices).size !== indices.length) {
      problems.push(problemAt(source, ['labels', label], 'names a class twice', 'keep it once: scores are added'));
    }
    return [label, indices] as const;
  });
  return { value: Object.fromEntries(resolved), problems };
}

/** Events must carry a known label, run forwards, and stand once. */
export function checkEvents(clip: DeclaredClip, labels: ReadonlySet<string>): readonly Problem[] {
  const seen = new Set<string>();
  return clip.events.flatMap((event, index) => {
    const say = (message: string, remedy: string) => ({
      ...clip.at(['events', index]),
      message: `${clipId(clip.media)}: ${message}`,
      remedy,
    });
    const key = `${event.start} ${event.end} ${event.label}`;
    const repeated = seen.has(key);
    seen.add(key);
    const found: Problem[] = [];
    if (!labels.has(event.label)) {
      found.push(
        say(`event label ${JSON.stringify(event.label)} is not in the manifest's labels`, 'add it under `labels`, or correct it'),
      );
    }
    if (event.start >= event.end) found.push(say(`${describe(event)} does not start before it ends`, 'correct the times'));
    if (repeated) found.push(say(`${describe(event)} is listed twice`, 'keep one of them'));
    return found;
  });
}

/** Events must lie inside the footage. */
export function checkLength(clip: DeclaredClip, seconds: number): readonly Problem[] {
  return clip.events.flatMap((event, index) => {
    if (event.end <= seconds + ROUNDING) return [];
    const message = `${clipId(clip.media)}: ${describe(event)} ends after the footage, which is ${Number(seconds.toFixed(3))} s long`;
    return [{ ...clip.at(['events', index]), message, remedy: 'correct the times, or restore the whole clip' }];
  });
}

function describe(event: TimedEvent): string {
  return `event ${JSON.stringify(event.label)} from ${event.start} s to ${event.end} s`;
}

/** A file's name must say how it is read, and a rate be declared where the file has none, and only there. */
export function videoProblem(clip: DeclaredClip): readonly Problem[] {
  if (clip.media.kind !== 'video') return [];
  const { file, framesPerSecond } = clip.media;
  const say = (field: string, message: string, remedy: string) => [
    { ...clip.at([field]), message: `${file} ${message}`, remedy },
  ];
  if (!isVideo(file) && !isRawVideo(file)) return say('file', 'is not a kind of video that is read', `use ${READ_VIDEOS}`);
  if (isRawVideo(file) && framesPerSecond === null)
    return say('file', 'holds pictures and no times', 'add `frames-per-second`, as the camera had it');
  if (isVideo(file) && framesPerSecond !== null)
    return say('frames-per-second', 'tells the times of its frames itself', 'remove `frames-per-second`');
  return [];
}

/** @param files clip id -> its files, for every clip that is a folder and is there */
export function emptyProblem(clip: DeclaredClip, files: ReadonlyMap<string, readonly string[]>): readonly Problem[] {
  const id = clipId(clip.media);
  if (files.get(id)?.length !== 0) return [];
  const [field, what] = clip.media.kind === 'segments' ? ['segments', 'videos'] : ['frames', 'pictures'];
  return [{ ...clip.at([field]), message: `folder ${id} holds no ${what}`, remedy: `put them there, or remove the clip` }];
}

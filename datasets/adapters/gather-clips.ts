import { problemAt } from '#kernel';
import { checkEvents, emptyProblem, resolveLabels, videoProblem } from '../check-clips.ts';
import type { UsedFile } from '../check-files.ts';
import { clipsInManifest, readClipLines } from '../clip-list.ts';
import { clipId, type DeclaredClip } from '../declared.ts';
import type { ReplayManifest } from '../manifest.ts';
import type { DataTree } from './data-folder.ts';
import { gatherClasses } from './gather-classes.ts';
import type { Found } from './gather-dataset.ts';
import { listPictures } from './list-pictures.ts';
import type { Gathering, OpenManifest } from './manifest-texts.ts';

export async function gatherClips(open: OpenManifest, manifest: ReplayManifest, gathering: Gathering): Promise<Found> {
  const { source } = open.manifest;
  const classes = await gatherClasses(manifest.classes, open, gathering);
  const text = typeof manifest.clips === 'string' ? await gathering.named(manifest.clips, ['clips']) : null;
  const inline = typeof manifest.clips === 'string' ? [] : clipsInManifest(manifest.clips, source);
  const listed = text === null ? { value: inline, problems: [] } : readClipLines(text.text, text.display);
  const labels = resolveLabels(manifest.labels, classes, source);
  const known = new Set(Object.keys(manifest.labels));
  const clips = listed.value;
  const frames = await listFrames(open.folder, clips);
  const problems = [
    ...listed.problems,
    ...labels.problems,
    ...clips.flatMap((clip) => [...checkEvents(clip, known), ...videoProblem(clip), ...emptyProblem(clip, frames)]),
  ];
  if (clips.length === 0 && problems.length === 0) problems.push(problemAt(source, ['clips'], 'holds no clips', 'add one'));
  const used = clips.flatMap((clip) => usedBy(clip, frames));
  return { content: { task: 'events', classes, manifest, labels: labels.value, clips, frames }, used, problems };
}

/** A folder that is not there stands for itself, so that it is named as missing. */
function usedBy(clip: DeclaredClip, frames: ReadonlyMap<string, readonly string[]>): readonly UsedFile[] {
  const id = clipId(clip.media);
  const files = frames.get(id) ?? [id];
  return files.map((path) => ({ path, at: clip.at([clip.media.kind === 'video' ? 'file' : 'frames']) }));
}

async function listFrames(folder: DataTree, clips: readonly DeclaredClip[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const folders = clips.flatMap(({ media }) => (media.kind === 'frames' ? [media.folder] : []));
  const lists = folders.map(async (id) => {
    const names = await listPictures(folder, id);
    return names === undefined ? [] : [[id, names.map((name) => `${id}/${name}`)] as const];
  });
  return new Map((await Promise.all(lists)).flat());
}

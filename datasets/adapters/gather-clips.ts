import { problemAt } from '#kernel';
import { checkEvents, emptyProblem, resolveLabels, videoProblem } from '../check-clips.ts';
import { checkZones } from '../check-zones.ts';
import { clipsInManifest, readClipLines } from '../clip-list.ts';
import type { ReplayManifest } from '../manifest.ts';
import { listClipFiles, usedBy } from './clip-files.ts';
import { gatherClasses } from './gather-classes.ts';
import type { Found } from './gathered.ts';
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
  const { files, segments, problems: unlisted } = await listClipFiles(clips, open.folder, gathering);
  const problems = [
    ...listed.problems,
    ...labels.problems,
    ...unlisted,
    ...checkZones(manifest, clips, source),
    ...clips.flatMap((clip) => [...checkEvents(clip, known), ...videoProblem(clip), ...emptyProblem(clip, files)]),
  ];
  if (clips.length === 0 && problems.length === 0) problems.push(problemAt(source, ['clips'], 'holds no clips', 'add one'));
  const used = clips.flatMap((clip) => usedBy(clip, files));
  return { content: { task: 'events', classes, manifest, labels: labels.value, clips, files, segments }, used, problems };
}

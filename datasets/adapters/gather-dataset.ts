import { checkPaths, checkPresence, type UsedFile } from '../check-files.ts';
import { gatherBoxes } from './gather-boxes.ts';
import { gatherClassification } from './gather-classification.ts';
import { gatherClips } from './gather-clips.ts';
import { gatherPairs } from './gather-pairs.ts';
import { gatherSearch } from './gather-search.ts';
import type { Found, Gathered } from './gathered.ts';
import { gatherTexts, type DataTexts, type Gathering, type OpenManifest } from './manifest-texts.ts';

/** @throws CouldNotRun when a text that the manifest names cannot be read; all other findings are in `problems` */
export async function gatherDataset(open: OpenManifest, data: DataTexts): Promise<Gathered> {
  const gathering = gatherTexts(open, data);
  const found = await findContent(open, gathering);
  const at = { file: open.manifest.source.file };
  const used = [...found.used, ...gathering.below().map((path) => ({ path, at }))];
  const kinds = await open.folder.kindsOf(pathsOf(used));
  const problems = [...found.problems, ...checkPaths(used), ...checkPresence(used, kinds, open.display(''))];
  return { content: found.content, used, problems, media: found.used };
}

function findContent(open: OpenManifest, gathering: Gathering): Promise<Found> {
  const manifest = open.manifest.value;
  if (manifest.kind === 'replay') return gatherClips(open, manifest, gathering);
  if (manifest.task === 'classification') return gatherClassification(open, manifest, gathering);
  if (manifest.task === 'detection') return gatherBoxes(open, manifest, gathering);
  if (manifest.task === 'verification') return gatherPairs(open, manifest, gathering);
  return gatherSearch(open, manifest, gathering);
}

export function pathsOf(used: readonly UsedFile[]): readonly string[] {
  return used.map(({ path }) => path);
}

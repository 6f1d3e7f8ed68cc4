import type { Problem } from '#kernel';
import { checkPaths, checkPresence, type FileKind, type UsedFile } from '../check-files.ts';
import type { Classes } from '../classes.ts';
import type { BoxTruth, EventRule, Pair } from '../dataset.ts';
import type { DeclaredClip, DeclaredSample } from '../declared.ts';
import type { Labelled } from '../assemble-pictures.ts';
import type { ReplayManifest } from '../manifest.ts';
import type { DataTree } from './data-folder.ts';
import { gatherBoxes } from './gather-boxes.ts';
import { gatherClassification } from './gather-classification.ts';
import { gatherClips } from './gather-clips.ts';
import { gatherPairs } from './gather-pairs.ts';
import { gatherSearch } from './gather-search.ts';
import { gatherTexts, type DataTexts, type Gathering, type OpenManifest } from './manifest-texts.ts';

/** What a manifest asks for, found on disk, before any of it is compared with its pins. */
export type Gathered = Found & {
  /** Which of the used files are pictures or clips, and not texts. */
  media: readonly UsedFile[];
};

export type Content =
  | { task: 'classification'; classes: Classes; samples: readonly DeclaredSample[] }
  | { task: 'detection'; classes: Classes; pictures: readonly Labelled<BoxTruth>[]; sizes: ReadonlyMap<string, Size> }
  | { task: 'verification'; pictures: readonly Labelled<string | null>[]; pairs: readonly Pair[] }
  | { task: 'search'; pictures: readonly (Labelled<string> & { role: 'query' | 'gallery' })[] }
  | {
      task: 'events';
      classes: Classes;
      manifest: ReplayManifest;
      labels: EventRule['labels'];
      clips: readonly DeclaredClip[];
      /** Clip id -> its frames in order, for clips that are folders. */
      frames: ReadonlyMap<string, readonly string[]>;
    };

/** Pixels, as the truth says them of a picture. */
export type Size = { width: number; height: number };

/** What the manifest lists, the pictures and clips that it needs, and what is wrong with its lists. */
export type Found = { content: Content; used: readonly UsedFile[]; problems: readonly Problem[] };

/** @throws CouldNotRun when a text that the manifest names cannot be read; all other findings are in `problems` */
export async function gatherDataset(open: OpenManifest, data: DataTexts): Promise<Gathered> {
  const gathering = gatherTexts(open, data);
  const found = await findContent(open, gathering);
  const at = { file: open.manifest.source.file };
  const used = [...found.used, ...gathering.below().map((path) => ({ path, at }))];
  const kinds = await kindsOf(open.folder, pathsOf(used));
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

export async function kindsOf(folder: DataTree, paths: readonly string[]): Promise<ReadonlyMap<string, FileKind>> {
  return new Map(await Promise.all(paths.map(async (path) => [path, await folder.kindOf(path)] as const)));
}

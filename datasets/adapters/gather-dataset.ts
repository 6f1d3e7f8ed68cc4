import { CouldNotRun, problemAt, type Problem } from '#kernel';
import { checkEvents, emptyProblem, resolveLabels, videoProblem } from '../check-clips.ts';
import { checkPaths, checkPresence, type FileKind, type UsedFile } from '../check-files.ts';
import { classesOf, readClassNames, type Classes } from '../classes.ts';
import { clipsInManifest, readClipLines } from '../clip-list.ts';
import { readCsvSamples } from '../csv-samples.ts';
import type { EventRule } from '../dataset.ts';
import { clipId, type Checked, type DeclaredClip, type DeclaredSample } from '../declared.ts';
import { pictureFile, readFolderSamples } from '../folder-samples.ts';
import type { ReplayManifest, ResearchManifest } from '../manifest.ts';
import type { DataTree } from './data-folder.ts';
import { readNamedText, type DataTexts, type NamedText, type OpenManifest } from './manifest-texts.ts';

/** What a manifest asks for, found on disk, before any of it is compared with its pins. */
export type Gathered = { classes: readonly string[]; content: Content; used: readonly UsedFile[]; problems: readonly Problem[] };

export type Content =
  | { kind: 'research'; samples: readonly DeclaredSample[] }
  | {
      kind: 'replay';
      manifest: ReplayManifest;
      labels: EventRule['labels'];
      clips: readonly DeclaredClip[];
      /** Clip id -> its frames in order, for clips that are folders. */
      frames: ReadonlyMap<string, readonly string[]>;
    };

type Found = { content: Content; used: readonly UsedFile[]; problems: readonly Problem[]; text: NamedText | null };

/** @throws CouldNotRun when a text that the manifest names cannot be read; all other findings are in `problems` */
export async function gatherDataset(open: OpenManifest, data: DataTexts): Promise<Gathered> {
  const { value: manifest, source } = open.manifest;
  const read = (name: string, field: readonly PropertyKey[]) => readNamedText(open, name, field, data);
  const named = typeof manifest.classes === 'string' ? await read(manifest.classes, ['classes']) : null;
  const inline = typeof manifest.classes === 'string' ? [] : manifest.classes;
  const names = named === null ? { value: inline, problems: [] } : readClassNames(named.text, { file: named.display });
  if (names.problems.length > 0) throw new CouldNotRun(names.problems);
  const classes = classesOf(names.value);
  const found =
    manifest.kind === 'research'
      ? await findSamples(open, manifest, classes, read)
      : await findClips(open, manifest, classes, read);
  const texts = [named, found.text].flatMap((text) =>
    text?.below == null ? [] : [{ path: text.below, at: { file: source.file } }],
  );
  const used = [...found.used, ...texts];
  const kinds = await kindsOf(open.folder, pathsOf(used));
  const problems = [...found.problems, ...checkPaths(used), ...checkPresence(used, kinds, open.display(''))];
  return { classes: names.value, content: found.content, used, problems };
}

export function pathsOf(used: readonly UsedFile[]): readonly string[] {
  return used.map(({ path }) => path);
}

export async function kindsOf(folder: DataTree, paths: readonly string[]): Promise<ReadonlyMap<string, FileKind>> {
  return new Map(await Promise.all(paths.map(async (path) => [path, await folder.kindOf(path)] as const)));
}

type Read = (name: string, field: readonly PropertyKey[]) => Promise<NamedText>;

async function findSamples(open: OpenManifest, manifest: ResearchManifest, classes: Classes, read: Read): Promise<Found> {
  const { samples } = manifest;
  let text: NamedText | null = null;
  let declared: Checked<readonly DeclaredSample[]>;
  let strays: readonly UsedFile[] = [];
  if ('csv' in samples) {
    text = await read(samples.csv, ['samples', 'csv']);
    declared = readCsvSamples(text.text, text.display, classes, samples.folder ?? '');
  } else {
    const at = { file: open.manifest.source.file, ...open.manifest.source.place(['samples']) };
    declared = readFolderSamples(await listClassFolders(open.folder), classes, at);
    // A class folder that is a link out of the root must be named, not passed over.
    strays = [...((await open.folder.list('')) ?? [])].flatMap(([path, kind]) => (kind === 'outside' ? [{ path, at }] : []));
  }
  const used = [...declared.value.map(({ file, at }) => ({ path: file, at })), ...strays];
  return { content: { kind: 'research', samples: declared.value }, used, problems: declared.problems, text };
}

async function listClassFolders(folder: DataTree) {
  const folders = [...((await folder.list('')) ?? [])].filter(([name, kind]) => kind === 'folder' && !name.startsWith('.'));
  const listings = folders.map(async ([name]) => {
    const children = [...((await folder.list(name)) ?? [])].filter(([child]) => !child.startsWith('.'));
    const of = (wanted: (kind: FileKind) => boolean) => children.filter(([, kind]) => wanted(kind)).map(([child]) => child);
    return { folder: name, folders: of((kind) => kind === 'folder'), files: of((kind) => kind !== 'folder') };
  });
  return Promise.all(listings);
}

async function findClips(open: OpenManifest, manifest: ReplayManifest, classes: Classes, read: Read): Promise<Found> {
  const { source } = open.manifest;
  const text = typeof manifest.clips === 'string' ? await read(manifest.clips, ['clips']) : null;
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
  return { content: { kind: 'replay', manifest, labels: labels.value, clips, frames }, used, problems, text };
}

/** A folder that is not there stands for itself, so that it is named as missing. */
function usedBy(clip: DeclaredClip, frames: ReadonlyMap<string, readonly string[]>): readonly UsedFile[] {
  const id = clipId(clip.media);
  const files = frames.get(id) ?? [id];
  return files.map((path) => ({ path, at: clip.at([clip.media.kind === 'video' ? 'file' : 'frames']) }));
}

const naturally = new Intl.Collator('en', { numeric: true });

/** Pictures of a folder in natural order (2 before 10). */
async function listFrames(folder: DataTree, clips: readonly DeclaredClip[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const folders = clips.flatMap(({ media }) => (media.kind === 'frames' ? [media.folder] : []));
  const lists = folders.map(async (id) => {
    const children = await folder.list(id);
    if (children === undefined) return [];
    const names = [...children.keys()].filter((name) => pictureFile.test(name) && !name.startsWith('.'));
    const ordered = names.toSorted((a, b) => naturally.compare(a, b) || (a < b ? -1 : 1));
    return [[id, ordered.map((name) => `${id}/${name}`)] as const];
  });
  return new Map((await Promise.all(lists)).flat());
}

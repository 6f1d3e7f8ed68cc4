import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { CouldNotRun, silentProgress, type Digest, type Problem, type Progress } from '#kernel';
import type { BadItem } from '../leave-out.ts';
import { formatPins, readPins, type Pins } from '../pins.ts';
import { videoKind } from '../video-kind.ts';
import { examineAll } from './examine-all.ts';
import { examine } from './examine.ts';
import { gatherDataset } from './gather-dataset.ts';
import type { Gathered } from './gathered.ts';
import { openManifest, type OpenManifest } from './manifest-texts.ts';

/** What pinning changed, by path below the root. `file` is the pins file, below the repository's root. */
export type PinnedDataset = {
  file: string;
  pinned: number;
  added: readonly string[];
  changed: readonly string[];
  removed: readonly string[];
  /** Pinned all the same, though they cannot be decoded. */
  bad: readonly BadItem[];
};

/**
 * Writes a dataset's pins anew from the files that are there, at once and whole. Every file is hashed; a picture is decoded
 * where its pin is new or has changed, or everywhere with `anew`: what has its pin was decoded when it got it. With `keepBad` one that
 * cannot be decoded is pinned all the same and named, for policy to say what becomes of it.
 * @param manifest its path below `workingTree`, the repository's root on this machine
 * @throws CouldNotRun with every problem of the manifest, its lists and its pictures; then nothing is written
 */
export async function pinDataset(
  manifest: string,
  workingTree: string,
  { progress = silentProgress, anew = false, keepBad = false }: { progress?: Progress; anew?: boolean; keepBad?: boolean } = {},
): Promise<PinnedDataset> {
  const inTree = (path: string) => posix.join(workingTree, path);
  const readTree = (path: string) => readFile(inTree(path), 'utf8').catch(absent);
  const open = await openManifest({
    name: posix.basename(manifest),
    path: manifest,
    readFile: readTree,
    data: { kind: 'disk', workingTree },
  });
  const gathered = await gatherDataset(open, {
    pinned: () => false,
    read: (path) => readFile(open.folder.locate(path)),
  });
  if (gathered.problems.length > 0) throw new CouldNotRun(gathered.problems);
  const before = readPins((await readTree(open.pinsFile)) ?? '', open.pinsFile).value;
  const { pins, bad } = await examineUsed(open, gathered, anew ? new Map() : before, { progress, keepBad });
  await writeWhole(inTree(open.pinsFile), formatPins(pins));
  return {
    file: open.pinsFile,
    pinned: pins.size,
    added: [...pins.keys()].filter((path) => !before.has(path)),
    changed: [...pins].filter(([path, digest]) => before.has(path) && before.get(path)?.digest !== digest).map(([path]) => path),
    removed: [...before.keys()].filter((path) => !pins.has(path)),
    bad,
  };
}

async function examineUsed(
  open: OpenManifest,
  { used, media, content }: Gathered,
  before: Pins,
  { progress, keepBad }: { progress: Progress; keepBad: boolean },
): Promise<{ pins: ReadonlyMap<string, Digest>; bad: readonly BadItem[] }> {
  progress.step(`pin ${open.ref.path}`, used.length);
  const pictures = new Set(media.flatMap(({ path }) => (videoKind(path) === undefined ? [path] : [])));
  const files = used.map(({ path }) => ({
    path: open.folder.locate(path),
    before: before.get(path)?.digest ?? null,
    picture: pictures.has(path),
  }));
  const found = await examineAll(files, (count) => progress.advance(count));
  const pins = new Map<string, Digest>();
  const problems: Problem[] = [];
  const bad: BadItem[] = [];
  for (const [index, { path, at }] of used.entries()) {
    let one = found[index];
    if (one === undefined) continue;
    if ('fault' in one && keepBad && pictures.has(path)) {
      bad.push({ id: path, reason: one.fault });
      one = await examine({ path: open.folder.locate(path), before: null, picture: false });
    }
    if ('fault' in one) problems.push({ ...at, message: `${path} ${one.fault}`, remedy: one.remedy });
    else pins.set(path, one.digest);
    const said = content.task === 'detection' ? content.sizes.get(path) : undefined;
    const size = 'size' in one ? one.size : null;
    if (said === undefined || size === null || (said.width === size.width && said.height === size.height)) continue;
    const message = `${path} is ${size.width} x ${size.height} pixels when it is upright, and the truth says ${said.width} x ${said.height}`;
    problems.push({ ...at, message, remedy: 'give the picture that the boxes were drawn on, or draw them anew' });
  }
  if (problems.length > 0) throw new CouldNotRun(problems);
  return { pins, bad };
}

async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text, { flush: true });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

function absent(cause: NodeJS.ErrnoException): undefined {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
  throw cause;
}

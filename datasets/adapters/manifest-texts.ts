import { posix } from 'node:path';
import { CouldNotRun, problemAt, reasonOf, type Parsed, type Problem } from '#kernel';
import { DataCache } from '#transfer/adapters';
import { parseManifest, type DatasetManifest } from '../manifest.ts';
import { pathFault } from '../safe-path.ts';
import type { DataPlace, ManifestRef } from '../sample-source.ts';
import { DataFolder, type DataTree } from './data-folder.ts';
import { loadPins } from './load-pins.ts';
import { PinnedFolder } from './pinned-folder.ts';

/** A text that a manifest names. `below` is its path below the root when it is data, and must be pinned, not a file of the repository. */
export type NamedText = { text: string; display: string; below: string | null };

/** A manifest, the folder its data is in, and the texts it names. */
export type OpenManifest = {
  ref: ManifestRef;
  manifest: Parsed<DatasetManifest>;
  folder: DataTree;
  /** How messages name a path below the root. */
  display: (path: string) => string;
  /** How messages name the pins file. */
  pinsFile: string;
};

/**
 * @param cache where what was fetched lies
 * @throws CouldNotRun when the manifest is missing or wrong, or its data is not there
 */
export async function openManifest(ref: ManifestRef, cache: string | null = null): Promise<OpenManifest> {
  const fault = pathFault(ref.path);
  if (fault !== undefined)
    throw new CouldNotRun({ file: ref.path, message: `its path ${fault}`, remedy: 'name a file of the repository' });
  const text = await ref.readFile(ref.path);
  if (text === undefined) {
    const remedy = 'add it, or correct `datasets` in fieldproof.yaml';
    throw new CouldNotRun({
      file: ref.path,
      message: `the manifest of dataset ${JSON.stringify(ref.name)} is not there`,
      remedy,
    });
  }
  const manifest = parseManifest(text, ref.path);
  const { root, pins } = manifest.value;
  const problems = [rootProblem(root, manifest), nameProblem(pins, ['pins'], manifest)].filter(
    (problem) => problem !== undefined,
  );
  if (problems.length > 0) throw new CouldNotRun(problems);
  const beside = posix.dirname(ref.path);
  const pinsFile = posix.join(beside, pins);
  if (ref.data.kind === 'cache') {
    if (cache === null) throw new Error(`${ref.path} is read from a cache, and none was named`);
    const { place } = ref.data;
    const pinned = await loadPins({ ref, manifest, pinsFile });
    const folder = await PinnedFolder.open(pinned, new DataCache(cache), { pinsFile, place });
    return { ref, manifest, folder, display: (path) => place + path, pinsFile };
  }
  const display = (path: string) => posix.join(beside, root, path);
  const folder = await openData(ref.data, display(''), manifest);
  if (folder === undefined) {
    const message = `the data folder ${display('')} is not there`;
    throw new CouldNotRun(problemAt(manifest.source, ['root'], message, 'mount or fetch the data, or correct `root`'));
  }
  return { ref, manifest, folder, display, pinsFile };
}

type OnDisk = Exclude<DataPlace, { kind: 'cache' }>;

async function openData(data: OnDisk, path: string, manifest: Parsed<unknown>): Promise<DataFolder | undefined> {
  if (data.kind === 'disk') return await DataFolder.open(posix.join(data.workingTree, path));
  if (path.split('/').includes('..')) throw outsideCommit(data.by, manifest);
  return await DataFolder.open(await data.extract(path));
}

function outsideCommit(by: 'policy' | 'head', { source }: Parsed<unknown>): CouldNotRun {
  if (by === 'policy') {
    const message = 'leaves the commit, and the source of the dataset says that its data are in it';
    return new CouldNotRun(problemAt(source, ['root'], message, 'name a folder of the repository, or another source'));
  }
  const remedy = 'put the data into the commit; or let a pull request that brings the dataset alone be merged first';
  return new CouldNotRun(problemAt(source, ['root'], 'leaves the commit, which a pull request may not', remedy));
}

/** Files below the root: which of them are pinned, and what is in them. */
export type DataTexts = { pinned: (path: string) => boolean; read: (path: string) => Promise<Uint8Array> };

/**
 * A text that the manifest names. What is pinned is data, and read below the root: a file that a change adds beside the
 * manifest cannot take its place. What is not is a file beside the manifest, in the repository.
 * @param field the manifest's field that names it
 */
export async function readNamedText(
  open: OpenManifest,
  name: string,
  field: readonly PropertyKey[],
  data: DataTexts,
): Promise<NamedText> {
  const { source } = open.manifest;
  const problem = nameProblem(name, field, open.manifest);
  if (problem !== undefined) throw new CouldNotRun(problem);
  const path = posix.join(posix.dirname(open.ref.path), name);
  const text = data.pinned(name) ? undefined : await open.ref.readFile(path);
  if (text !== undefined) return { text, display: path, below: null };
  const kind = await open.folder.kindOf(name);
  if (kind === 'file') return await readDataText(open, name, data);
  const message =
    kind === 'outside'
      ? `${name} is a symbolic link that leads out of the root`
      : `${name} is neither ${path} in the repository nor ${open.display(name)} on disk`;
  throw new CouldNotRun(problemAt(source, field, message, 'add the file, or correct its name'));
}

/** A text below the root, which is data. @param path has been seen by `kindOf`, and is a file */
export async function readDataText(open: OpenManifest, path: string, data: DataTexts): Promise<NamedText & { below: string }> {
  return { text: decodeUtf8(await data.read(path), open.display(path)), display: open.display(path), below: path };
}

function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CouldNotRun({ file, message: `is not UTF-8 text: ${reasonOf(cause)}`, remedy: 'save it as UTF-8' }, { cause });
  }
}

function rootProblem(root: string, manifest: Parsed<unknown>): Problem | undefined {
  const message = posix.isAbsolute(root)
    ? 'is absolute, and no other machine has the same folders'
    : /[\p{Cc}\\]/u.test(root)
      ? 'holds a backslash or a control character'
      : undefined;
  return message === undefined ? undefined : problemAt(manifest.source, ['root'], message, 'write it relative to this file');
}

function nameProblem(name: string, field: readonly PropertyKey[], manifest: Parsed<unknown>): Problem | undefined {
  const fault = pathFault(name);
  return fault === undefined
    ? undefined
    : problemAt(manifest.source, field, `path ${JSON.stringify(name)} ${fault}`, 'name a file beside this one');
}

/** The texts that a dataset is made of, while it is gathered. */
export type Gathering = {
  /** As `readNamedText`. */
  named: (name: string, field: readonly PropertyKey[]) => Promise<NamedText>;
  /** As `readDataText`. */
  data: (path: string) => Promise<NamedText>;
  /** The texts below the root that have been read so far: they are data, and must be pinned. */
  below: () => readonly string[];
};

export function gatherTexts(open: OpenManifest, data: DataTexts): Gathering {
  const below = new Set<string>();
  const noted = (text: NamedText) => {
    if (text.below !== null) below.add(text.below);
    return text;
  };
  return {
    named: async (name, field) => noted(await readNamedText(open, name, field, data)),
    data: async (path) => noted(await readDataText(open, path, data)),
    below: () => [...below],
  };
}

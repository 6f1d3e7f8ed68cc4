import { posix } from 'node:path';
import { CouldNotRun, type Digest, type Place } from '#kernel';
import { parseManifest } from './manifest.ts';
import { readPins } from './pins.ts';
import { pathFault } from './safe-path.ts';

/** What a manifest says of its data before any of it is here: the files, where each is pinned, and the folder that stands for them all. */
export type PinnedData = { root: string; files: readonly { path: string; digest: Digest; at: Place }[] };

/**
 * @param manifest its path below the repository's root
 * @throws CouldNotRun when the manifest or its pins are wrong. Null where there is no manifest, and no files where there are no pins:
 * whoever opens the dataset says so
 */
export async function pinnedData(
  manifest: string,
  readFile: (path: string) => Promise<string | undefined>,
): Promise<PinnedData | null> {
  const text = pathFault(manifest) === undefined ? await readFile(manifest) : undefined;
  if (text === undefined) return null;
  const { root, pins: name } = parseManifest(text, manifest).value;
  const beside = posix.dirname(manifest);
  const pinsFile = posix.join(beside, name);
  const written = pathFault(name) === undefined ? await readFile(pinsFile) : undefined;
  const pins = readPins(written ?? '', pinsFile);
  if (pins.problems.length > 0) throw new CouldNotRun(pins.problems);
  const files = [...pins.value].map(([path, { digest, line }]) => ({ path, digest, at: { file: pinsFile, line } }));
  return { root: posix.join(beside, root), files };
}

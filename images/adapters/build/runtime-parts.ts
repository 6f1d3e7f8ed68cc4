import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { CouldNotRun } from '#kernel';
import type { LayerEntry } from '../../layer.ts';
import { isNeeded, NODE, planPartLayers, type PartFile, type RuntimeParts } from '../../runtime-image.ts';
import { machineOf, type DebianPackage, type NpmPackage, type PlatformLock } from '../../runtime-lock.ts';
import { tarEntries, type TarEntry } from '../store/layer-reader.ts';
import { dataOfDebianPackage, fetchDebianPackage } from './debian-package.ts';
import { fetchTarballs, type Environment } from './npm-tarballs.ts';

export type PartLayer = keyof RuntimeParts;
export type Fetching = { platform: string; scratch: string; environment: Environment; signal: AbortSignal | undefined };

/** Fetches what some layers of the stock runtime are made of, and plans these layers. */
export async function planParts(
  wanted: readonly PartLayer[],
  parts: Omit<PlatformLock, 'layers'>,
  fetching: Fetching,
): Promise<Record<PartLayer, LayerEntry[]>> {
  const has = (layer: PartLayer) => wanted.includes(layer);
  return planPartLayers({
    libraries: has('libraries') ? await libraryFiles(parts.libraries, fetching) : [],
    node: has('node') ? await nodeFiles(parts.node, fetching) : [],
    packages: has('packages') ? await packageFiles(parts.packages, fetching) : [],
  });
}

async function libraryFiles(packages: readonly DebianPackage[], fetching: Fetching): Promise<PartFile[]> {
  const files: PartFile[] = [];
  for (const { name, files: wanted, ...place } of packages) {
    const placeOf = new Map(Object.entries(wanted).map(([path, source]) => [source, path]));
    const data = await dataOfDebianPackage(await fetchDebianPackage(place, fetching.environment, fetching.signal));
    const taken = await unpack(data, join(fetching.scratch, name), (path) => placeOf.get(path.replace(/^\.\//, '')));
    if (taken.length < placeOf.size) throw incomplete(name, [...placeOf.values()], taken);
    files.push(...taken);
  }
  return files;
}

async function nodeFiles(node: NpmPackage, fetching: Fetching): Promise<PartFile[]> {
  const placeOf = new Map([
    ['bin/node', NODE],
    ['LICENSE', 'usr/local/share/doc/node/LICENSE'],
  ]);
  const tarballs = await fetchTarballs([node], join(fetching.scratch, 'node'), fetching.environment, fetching.signal);
  const taken = await unpackTarball(node, tarballs, fetching.scratch, (path) => placeOf.get(path));
  if (!taken.some(({ path }) => path === NODE)) throw incomplete(node.name, [NODE], taken);
  return taken;
}

async function packageFiles(packages: PlatformLock['packages'], fetching: Fetching): Promise<PartFile[]> {
  const machine = machineOf(fetching.platform);
  if (machine === null) throw new RangeError(`no machine of Node's: ${fetching.platform}`);
  const tarballs = await fetchTarballs(packages, join(fetching.scratch, 'packages'), fetching.environment, fetching.signal);
  const files: PartFile[] = [];
  for (const part of packages) {
    const placeOf = (path: string) => (isNeeded(path, machine) ? `app/${part.folder}/${path}` : undefined);
    files.push(...(await unpackTarball(part, tarballs, fetching.scratch, placeOf)));
  }
  return files;
}

/** Below the one folder that a tarball of npm's holds, whatever its name. */
async function unpackTarball(
  { name, integrity }: NpmPackage,
  tarballs: ReadonlyMap<string, string>,
  scratch: string,
  placeOf: (path: string) => string | undefined,
): Promise<PartFile[]> {
  const bytes = createReadStream(tarballs.get(integrity) ?? '').pipe(createGunzip());
  return await unpack(bytes, join(scratch, name.replaceAll('/', '+')), (path) => placeOf(path.slice(path.indexOf('/') + 1)));
}

/**
 * Writes the plain files of a tar that have a place in the image.
 * @param start of the path of each: nothing is written under a name that the tar gives
 */
async function unpack(
  bytes: AsyncIterable<Uint8Array>,
  start: string,
  placeOf: (path: string) => string | undefined,
): Promise<PartFile[]> {
  const files: PartFile[] = [];
  for await (const entry of tarEntries(bytes)) {
    const path = entry.header.type === 'file' ? placeOf(entry.header.name) : undefined;
    if (path === undefined) entry.resume();
    else files.push({ path, ...(await writeEntry(entry, `${start}-${files.length}`)) });
  }
  return files;
}

async function writeEntry(entry: TarEntry, source: string): Promise<{ source: string; size: number }> {
  const file = await open(source, 'wx');
  try {
    let size = 0;
    for await (const chunk of entry) {
      size += chunk.length;
      await file.writeFile(chunk);
    }
    return { source, size };
  } finally {
    await file.close();
  }
}

function incomplete(name: string, wanted: readonly string[], taken: readonly PartFile[]): CouldNotRun {
  const missing = wanted.filter((path) => !taken.some((file) => file.path === path));
  return new CouldNotRun({
    file: 'images/runtime-lock.json',
    message: `the package ${name} does not hold what is taken of it: ${missing.join(', ')}`,
    remedy: 'take back what was changed in that file, or write it anew: make runtime-lock',
  });
}

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { CouldNotRun } from '#kernel';
import { z } from 'zod';
import { fitsPlatform, isNeeded, packagesImported, type HostFile } from '../../runtime-image.ts';

/** A file of this host as it is now: a change of size, time or inode means that it must be read again. */
export type SeenFile = HostFile & { stamp: string };

const packageSchema = z.looseObject({
  version: z.string().default('0.0.0'),
  imports: z.record(z.string(), z.unknown()).default({}),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
  os: z.array(z.string()).nullable().default(null),
  cpu: z.array(z.string()).nullable().default(null),
  libc: z.array(z.string()).nullable().default(null),
});

const SOURCE_ROOMS = ['kernel', 'runtime'];
const NOT_RUN = /\.(test|contract|fixture|bench)\.ts$|\.md$|\/__[a-z]+__\//;
const platform = { os: process.platform, cpu: process.arch };

export function readPackage(folder: string): z.output<typeof packageSchema> {
  return packageSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
}

export function see(path: string, source: string): SeenFile {
  const { size, mtimeNs, ino } = statSync(source, { bigint: true });
  return { path, source, size: Number(size), stamp: `${path}\t${source}\t${size}\t${mtimeNs}\t${ino}` };
}

/** The sources of the rooms that the runtime is made of, tests apart. */
export function runtimeSources(root: string): SeenFile[] {
  return SOURCE_ROOMS.flatMap((room) => walk(join(root, room)))
    .map((source) => ({ source, path: relative(root, source).split(sep).join('/') }))
    .filter(({ path }) => !NOT_RUN.test(path))
    .map(({ source, path }) => see(`app/${path}`, source));
}

/**
 * Every file of the packages that the sources load, and of those that these depend on, as installed below `root`.
 * @throws CouldNotRun when one is not installed
 */
export function packageFiles(root: string, sources: readonly SeenFile[]): SeenFile[] {
  const names = new Set(
    sources
      .filter(({ path }) => /\.[cm]?[jt]s$/.test(path))
      .flatMap(({ source }) => packagesImported(readFileSync(source, 'utf8'))),
  );
  const folders = new Set<string>();
  for (const name of names) collect(name, root, root, folders, false);
  return [...folders].toSorted().flatMap((folder) => {
    const inside = walk(folder).map((source) => ({ source, path: relative(root, source).split(sep).join('/') }));
    return inside.filter(({ path }) => isNeeded(path, platform)).map(({ source, path }) => see(`app/${path}`, source));
  });
}

function collect(name: string, from: string, root: string, folders: Set<string>, optional: boolean): void {
  const folder = resolvePackage(name, from, root);
  if (folder === undefined) {
    if (optional) return;
    throw new CouldNotRun({
      file: join(root, 'package.json'),
      message: `the runtime needs the package ${name}, which is not installed`,
      remedy: 'run npm ci in the folder of Fieldproof',
    });
  }
  if (folders.has(folder)) return;
  const found = readPackage(folder);
  if (!fitsPlatform(found, platform)) return;
  folders.add(folder);
  const { dependencies, optionalDependencies } = found;
  for (const dependency of Object.keys(dependencies)) {
    collect(dependency, folder, root, folders, dependency in optionalDependencies);
  }
  for (const dependency of Object.keys(optionalDependencies)) collect(dependency, folder, root, folders, true);
}

/** As Node looks for a package: in the nearest node_modules above, but never outside `root`. */
function resolvePackage(name: string, from: string, root: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (statSync(join(candidate, 'package.json'), { throwIfNoEntry: false })?.isFile()) return candidate;
    if (folder === root || folder === dirname(folder)) return undefined;
  }
}

/** Plain files below a folder, packages nested in it apart. Synchronous: thousands of small calls are faster so. */
function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : walk(path);
    return entry.isFile() ? [path] : [];
  });
}

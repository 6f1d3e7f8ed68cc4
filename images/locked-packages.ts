import { z } from 'zod';
import { fitsPlatform } from './runtime-image.ts';
import type { PlatformLock } from './runtime-lock.ts';

const names = z.record(z.string(), z.string()).default({});
const list = z.array(z.string()).nullable().default(null);

/** What of a package-lock.json is read here. */
const packageLockSchema = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({
      version: z.string().optional(),
      integrity: z.string().optional(),
      dependencies: names,
      optionalDependencies: names,
      os: list,
      cpu: list,
      libc: list,
    }),
  ),
});

export type PackageLock = z.output<typeof packageLockSchema>;

export function parsePackageLock(text: string): PackageLock {
  return packageLockSchema.parse(JSON.parse(text));
}

/**
 * The packages of these names and all that they depend on, as npm installs them on a machine, in the order of their folders.
 * @throws RangeError when the lock lacks one that must be there
 */
export function lockedPackages(
  lock: PackageLock,
  wanted: readonly string[],
  machine: { os: string; cpu: string },
): PlatformLock['packages'] {
  const folders = new Set<string>();
  const collect = (name: string, from: string, optional: boolean) => {
    const folder = resolveIn(lock, name, from);
    const found = folder === undefined ? undefined : lock.packages[folder];
    if (folder === undefined || found === undefined) {
      if (optional) return;
      throw new RangeError(`package-lock.json has no ${name}`);
    }
    if (folders.has(folder) || !fitsPlatform(found, machine)) return;
    folders.add(folder);
    const { dependencies, optionalDependencies } = found;
    for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) {
      collect(dependency, folder, dependency in optionalDependencies);
    }
  };
  for (const name of wanted) collect(name, '', false);
  return [...folders].toSorted().map((folder) => {
    const { version = '', integrity = '' } = lock.packages[folder] ?? {};
    return { name: folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length), version, integrity, folder };
  });
}

/** As Node looks for a package: in the nearest node_modules above. */
function resolveIn(lock: PackageLock, name: string, from: string): string | undefined {
  for (let folder = from; ;) {
    const candidate = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (lock.packages[candidate] !== undefined) return candidate;
    if (folder === '') return undefined;
    const above = folder.lastIndexOf('/node_modules/');
    folder = above === -1 ? '' : folder.slice(0, above);
  }
}

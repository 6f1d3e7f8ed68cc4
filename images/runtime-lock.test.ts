import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runtimeSources } from './adapters/build/runtime-sources.ts';
import { lockedPackages, parsePackageLock } from './locked-packages.ts';
import { packagesImported } from './runtime-image.ts';
import { lockedPlatform, machineOf, runtimeLockFile, runtimeLockSchema } from './runtime-lock.ts';

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const lock = runtimeLockSchema.parse(JSON.parse(read(runtimeLockFile)));

describe.each(['linux/amd64', 'linux/arm64'])('what is locked for %s (else: make runtime-lock)', (platform) => {
  const parts = lockedPlatform(lock, platform)?.parts;
  const machine = machineOf(platform) ?? { os: '', cpu: '' };

  it('is the engine and the packages that are installed beside the process runner', () => {
    const imported = runtimeSources(root).flatMap(({ source }) => packagesImported(readFileSync(source, 'utf8')));
    expect(parts?.packages).toEqual(lockedPackages(parsePackageLock(read('package-lock.json')), imported, machine));
    const installed = JSON.parse(read('node_modules/onnxruntime-node/package.json')) as { version: string };
    expect(parts?.packages.find(({ name }) => name === 'onnxruntime-node')?.version).toBe(installed.version);
  });

  it('is the Node that is fetched where there is none', () => {
    const wanted = /^wanted=(\S+)$/m.exec(read('scripts/node24.sh'))?.[1];
    expect(parts?.node).toMatchObject({ name: `node-${machine.os}-${machine.cpu}`, version: wanted });
  });

  it('has the libraries of one Debian release, and the licence of each', () => {
    const packages = parts?.libraries.map(({ name, version }) => `${name} ${version}`);
    const others = Object.values(lock.platforms).map(({ libraries }) =>
      libraries.map(({ name, version }) => `${name} ${version}`),
    );
    for (const other of others) expect(other).toEqual(packages);
    const files = parts?.libraries.flatMap((entry) => Object.keys(entry.files));
    expect(files).toEqual(expect.arrayContaining(['usr/share/doc/libc6/copyright', 'usr/share/doc/gcc-12-base/copyright']));
  });
});

describe('lockedPackages', () => {
  const packages = {
    '': {},
    'node_modules/a': { version: '1.0.0', dependencies: { b: '1' }, optionalDependencies: { 'c-win32': '1', absent: '1' } },
    'node_modules/a/node_modules/b': { version: '1.0.0', dependencies: { d: '1' } },
    'node_modules/b': { version: '2.0.0' },
    'node_modules/c-win32': { version: '1.0.0', os: ['win32'] },
    'node_modules/d': { version: '1.0.0' },
    'node_modules/unused': { version: '1.0.0' },
  };
  const packageLock = parsePackageLock(JSON.stringify({ packages }));
  const linux = { os: 'linux', cpu: 'x64' };

  it('finds what npm installs of a package, nested ones where they lie', () => {
    expect(lockedPackages(packageLock, ['a'], linux).map(({ folder, name }) => [folder, name])).toEqual([
      ['node_modules/a', 'a'],
      ['node_modules/a/node_modules/b', 'b'],
      ['node_modules/d', 'd'],
    ]);
  });

  it('names what is not there and must be', () => {
    expect(() => lockedPackages(packageLock, ['absent'], linux)).toThrow('package-lock.json has no absent');
  });
});

/**
 * Writes images/runtime-lock.json anew: packages as package-lock.json has them, Node as scripts/node24.sh names it, libraries
 * as that file names them already (edit them there), and the layers that come of these. A test compares it with both files.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { planParts } from '../images/adapters/build/runtime-parts.ts';
import { runtimeSources } from '../images/adapters/build/runtime-sources.ts';
import { writeLayer } from '../images/adapters/store/layer-writer.ts';
import { lockedPackages, parsePackageLock } from '../images/locked-packages.ts';
import type { LayerEntry } from '../images/layer.ts';
import { packagesImported } from '../images/runtime-image.ts';
import { machineOf, runtimeLockFile, type PlatformLock } from '../images/runtime-lock.ts';

type Parts = Omit<PlatformLock, 'layers'>;

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const packageLock = parsePackageLock(read('package-lock.json'));
const imported = runtimeSources(root).flatMap(({ source }) => packagesImported(readFileSync(source, 'utf8')));
const node = /^wanted=(\S+)$/m.exec(read('scripts/node24.sh'))?.[1] ?? '';
const written = JSON.parse(read(runtimeLockFile)) as { platforms: Record<string, Pick<Parts, 'libraries'>> };

const platforms: Record<string, object> = {};
for (const [platform, { libraries }] of Object.entries(written.platforms)) {
  const machine = machineOf(platform) ?? { os: '', cpu: '' };
  const parts: Parts = {
    libraries,
    node: await lockNode(`node-${machine.os}-${machine.cpu}`),
    packages: lockedPackages(packageLock, imported, machine),
  };
  platforms[platform] = { ...parts, layers: await layersOf(platform, parts) };
}
writeFileSync(join(root, runtimeLockFile), `${JSON.stringify({ version: 1, platforms }, null, 2)}\n`);

async function lockNode(name: string): Promise<Parts['node']> {
  const { stdout } = await execa('npm', ['view', `${name}@${node}`, 'dist.integrity']);
  return { name, version: node, integrity: stdout.trim() };
}

async function layersOf(platform: string, parts: Parts): Promise<object> {
  const scratch = mkdtempSync(join(tmpdir(), 'fieldproof-lock-'));
  try {
    const fetching = { platform, scratch, environment: process.env, signal: undefined };
    const planned = await planParts(['libraries', 'node', 'packages'], parts, fetching);
    const blob = async (layer: LayerEntry[]) => {
      const { digest, size } = await writeLayer(layer, null);
      return { digest, size };
    };
    return {
      libraries: await blob(planned.libraries),
      node: await blob(planned.node),
      packages: await blob(planned.packages),
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

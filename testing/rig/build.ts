/** Builds every program of the rig that is not in the cache yet: `make rig-build`. An hour on two cores; then seconds. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binary, components, carried, carriedFolder, moduleCache, moduleFolder, type Component } from './components.ts';

const environment = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-trimpath -p=2', GOTOOLCHAIN: 'local', GOWORK: 'off' };

function go(folder: string, ...args: string[]): string {
  return execFileSync('nice', ['-n', '10', 'go', ...args], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
}

/** Where a module's files lie once they are fetched; `go list` alone names no folder on a machine that never had them. */
function downloaded(from: string, module: string): string {
  return (JSON.parse(go(from, 'mod', 'download', '-json', module)) as { Dir: string }).Dir;
}

/** A program appears in the cache whole or not at all. */
function build(component: Component): void {
  const target = binary(component.name);
  if (existsSync(target)) return;
  const started = performance.now();
  console.log(`building ${component.name} from ${component.package}`);
  const partial = `${target}.partial`;
  const { copy, module } = component;
  const folder = copy === undefined ? moduleFolder(module) : writableCopy(component.name, copy);
  go(folder, 'build', '-ldflags', `-s -w ${copy?.flags ?? ''}`, '-o', partial, component.package);
  if (copy !== undefined) rmSync(folder, { recursive: true });
  renameSync(partial, target);
  console.log(`  ${Math.round((performance.now() - started) / 1000)} s`);
}

function writableCopy(name: string, { of, embeds }: NonNullable<Component['copy']>): string {
  const folder = `${binary(name)}.source`;
  rmSync(folder, { recursive: true, force: true });
  cpSync(downloaded(tmpdir(), of), folder, { recursive: true });
  execFileSync('chmod', ['-R', 'u+w', folder]);
  mkdirSync(path.dirname(path.join(folder, embeds)), { recursive: true });
  writeFileSync(path.join(folder, embeds), '{}\n');
  return folder;
}

function copyCarried(): void {
  for (const { name, module, of, files } of carried) {
    const folder = downloaded(moduleFolder(module), of);
    mkdirSync(carriedFolder(name), { recursive: true });
    for (const file of files) {
      const target = path.join(carriedFolder(name), path.basename(file));
      cpSync(path.join(folder, file), target);
      execFileSync('chmod', ['u+rwx', target]);
    }
  }
}

copyCarried();
for (const component of components) build(component);
for (const module of new Set(components.map((component) => component.module))) console.log(`${module}: ${moduleCache(module)}`);

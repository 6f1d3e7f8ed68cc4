/** Builds every program of the rig that is not in the cache yet: `make rig-build`. An hour on two cores; then seconds. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { binary, components, definitionFolder, definitions, moduleFolder, rigCache, type Component } from './components.ts';

const environment = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-trimpath -p=2', GOTOOLCHAIN: 'local', GOWORK: 'off' };

function go(folder: string, ...args: string[]): string {
  return execFileSync('nice', ['-n', '10', 'go', ...args], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
}

/** A program appears in the cache whole or not at all. */
function build(component: Component): void {
  const target = binary(component.name);
  if (existsSync(target)) return;
  const started = performance.now();
  console.log(`building ${component.name} from ${component.package}`);
  const partial = `${target}.partial`;
  const flags = 'copy' in component ? component.flags : '';
  const folder = 'copy' in component ? writableCopy(component) : moduleFolder(component.module);
  go(folder, 'build', '-ldflags', `-s -w ${flags}`, '-o', partial, component.package);
  renameSync(partial, target);
  console.log(`  ${Math.round((performance.now() - started) / 1000)} s`);
}

function writableCopy({ copy, embeds }: Extract<Component, { copy: string }>): string {
  const { Dir } = JSON.parse(go(rigCache(), 'mod', 'download', '-json', copy)) as { Dir: string };
  const folder = path.join(rigCache(), 'source', path.basename(copy));
  rmSync(folder, { recursive: true, force: true });
  cpSync(Dir, folder, { recursive: true });
  execFileSync('chmod', ['-R', 'u+w', folder]);
  mkdirSync(path.dirname(path.join(folder, embeds)), { recursive: true });
  writeFileSync(path.join(folder, embeds), '{}\n');
  return folder;
}

function copyDefinitions(): void {
  for (const { name, module, of, files } of definitions) {
    const folder = go(moduleFolder(module), 'list', '-m', '-f', '{{.Dir}}', of);
    mkdirSync(definitionFolder(name), { recursive: true });
    for (const file of files) {
      const target = path.join(definitionFolder(name), path.basename(file));
      cpSync(path.join(folder, file), target);
      execFileSync('chmod', ['u+w', target]);
    }
  }
}

mkdirSync(path.join(rigCache(), 'bin'), { recursive: true });
copyDefinitions();
for (const component of components) build(component);
rmSync(path.join(rigCache(), 'source'), { recursive: true, force: true });
console.log(`the rig's programs are in ${rigCache()}`);

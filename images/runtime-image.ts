import { isBuiltin } from 'node:module';
import { planLayer, type LayerEntry } from './layer.ts';
import type { RunConfig } from './manifest.ts';

/** Where Node lies in the image. */
export const NODE = 'usr/local/bin/node';

/** Who the runtime is inside its container: nobody on the host. */
const USER = 65532;

export const RUNTIME_CONFIG: RunConfig = {
  Entrypoint: [`/${NODE}`, '/app/runtime/main.ts'],
  Cmd: ['--model', '/model', '--host', '0.0.0.0', '--port', '8000'],
  User: `${USER}:${USER}`,
  WorkingDir: '/app',
  // ONNX Runtime 1.29 and later reports to its maker unless it is told not to (microsoft/onnxruntime pull 27379).
  Env: ['NODE_ENV=production', 'ORT_DISABLE_TELEMETRY=1', 'PATH=/usr/local/bin'],
  port: 8000,
};

/** Where the program of a deployed stage lies in the image of one. */
const STAGE = 'app/stage.js';

/** The image of a stage is the runtime's, and one layer more. */
export const STAGE_CONFIG: RunConfig = { ...RUNTIME_CONFIG, Entrypoint: [`/${NODE}`, `/${STAGE}`] };

/** The last layer of a stage's image. `source`: the program as it is bundled; `licences`: of what is bundled with it. */
export function planStageLayer(source: Omit<PartFile, 'path'>, licences: Omit<PartFile, 'path'>): LayerEntry[] {
  return planLayer([fileOf({ path: STAGE, ...source }), fileOf({ path: 'app/stage-licences.txt', ...licences })]);
}

/** A file that is at hand: where it goes in the image, where it is read from, its size in bytes. */
export type PartFile = { path: string; source: string; size: number };

/** Everything that is fetched, by the layer that it goes into: what changes together is one, the most stable first. */
export type RuntimeParts = {
  libraries: readonly PartFile[];
  /** Node and its licence. */
  node: readonly PartFile[];
  /** Production packages, below app/node_modules. */
  packages: readonly PartFile[];
};

export function planPartLayers({ libraries, node, packages }: RuntimeParts): Record<keyof RuntimeParts, LayerEntry[]> {
  return {
    libraries: planLayer([...SKELETON, ...libraries.map(fileOf)]),
    node: planLayer(node.map(fileOf)),
    packages: planLayer(packages.map(fileOf)),
  };
}

/** The last layer. `sources`: the runtime's and the kernel's own, below app/; `manifest`: the text of app/package.json. */
export function planSourceLayer(sources: readonly PartFile[], manifest: string): LayerEntry[] {
  return planLayer([...sources.map(fileOf), { kind: 'text', path: 'app/package.json', text: manifest }]);
}

const SKELETON: LayerEntry[] = [
  {
    kind: 'text',
    path: 'etc/passwd',
    text: `root:x:0:0:root:/:/sbin/nologin\nruntime:x:${USER}:${USER}:runtime:/tmp:/sbin/nologin\n`,
  },
  { kind: 'text', path: 'etc/group', text: `root:x:0:\nruntime:x:${USER}:\n` },
  { kind: 'folder', path: 'tmp', mode: 0o1777 },
  // Where the model image is mounted, and what every container runtime mounts by itself.
  ...['model', 'dev', 'proc', 'sys'].map((path): LayerEntry => ({ kind: 'folder', path })),
];

function fileOf({ path, source, size }: PartFile): LayerEntry {
  return { kind: 'file', path, source, size, mode: path === NODE || isLoader(path) ? 0o755 : 0o644 };
}

/** The kernel executes the loader that a program names; no other library needs the right to be executed. */
function isLoader(path: string): boolean {
  return /\/ld-[^/]*\.so[^/]*$/.test(path);
}

/**
 * Names of the packages that a TypeScript source may load when it runs. What it imports as types only is among them: a native
 * package is loaded by createRequire and known by its types.
 */
export function packagesImported(source: string): string[] {
  const names = new Set<string>();
  for (const [, specifier = ''] of source.matchAll(IMPORT)) {
    if (/^[.#/]/.test(specifier) || isBuiltin(specifier)) continue;
    names.add(
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  }
  return [...names].toSorted();
}

const IMPORT =
  /(?:^\s*(?:import|export)\s[^'"`;]*?from\s*|^\s*import\s*|\bimport\(\s*|\brequire\(\s*|\bcreateRequire\([^()]*\)\(\s*)['"]([^'"\n]+)['"]/gm;

/** Whether the runtime could ever load this file of a package on this platform. Licences stay with what they cover. */
export function isNeeded(path: string, platform: { os: string; cpu: string }): boolean {
  if (/\.(d\.[cm]?ts|map|md|markdown|flow)$/i.test(path) && !/licen[cs]e|notice/i.test(path)) return false;
  const built = /(?:^|\/)bin\/napi-v\d+\/([^/]+)\/([^/]+)\//.exec(path);
  return built === null || (built[1] === platform.os && built[2] === platform.cpu);
}

/** Whether a package is made for this platform, by what its package.json says. Only glibc is served by ONNX Runtime. */
export function fitsPlatform(
  { os, cpu, libc }: Record<'os' | 'cpu' | 'libc', readonly string[] | null>,
  platform: { os: string; cpu: string },
): boolean {
  return allows(os, platform.os) && allows(cpu, platform.cpu) && allows(libc, 'glibc');
}

function allows(list: readonly string[] | null, name: string): boolean {
  return list === null || list.includes(name);
}

/** The package.json of the image: what Node needs to find our modules, and no more, for every byte moves the digest. */
export function runtimeManifest(version: string, imports: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ name: 'fieldproof-runtime', version, type: 'module', imports }, null, 2)}\n`;
}

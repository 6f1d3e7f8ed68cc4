import { describe, expect, it } from 'vitest';
import { fitsPlatform, isNeeded, packagesImported, planPartLayers, planSourceLayer, runtimeManifest } from './runtime-image.ts';

const file = (path: string) => ({ path, source: `/${path}`, size: 1 });
const linux = { os: 'linux', cpu: 'x64' };

describe('packagesImported', () => {
  it('finds every way in which a source can load a package', () => {
    const source = [
      "import { z } from 'zod';",
      'import sharp, {',
      '  type Sharp,',
      "} from 'sharp';",
      "import 'side-effect';",
      "export { x } from '@scope/name/deep/file.js';",
      "const lazy = await import('lazy');",
      "const native = createRequire(import.meta.url)('native-addon') as typeof Native;",
      "import type { T } from 'types-of-native';",
      "import { readFile } from 'node:fs/promises';",
      "import path from 'path';",
      "import { digestOf } from '#kernel';",
      "import { near } from './near.ts';",
    ].join('\n');
    const found = ['@scope/name', 'lazy', 'native-addon', 'sharp', 'side-effect', 'types-of-native', 'zod'];
    expect(packagesImported(source)).toEqual(found);
  });
});

describe('isNeeded', () => {
  it.each([
    ['app/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1', true],
    ['app/node_modules/onnxruntime-node/bin/napi-v6/linux/arm64/libonnxruntime.so.1', false],
    ['app/node_modules/onnxruntime-node/bin/napi-v6/win32/x64/DirectML.dll', false],
    ['app/node_modules/zod/index.d.cts', false],
    ['app/node_modules/zod/README.md', false],
    ['app/node_modules/zod/index.cjs.map', false],
    ['app/node_modules/@img/colour/LICENSE.md', true],
    ['app/node_modules/zod/index.js', true],
  ])('%s: %s', (path, expected) => {
    expect(isNeeded(path, linux)).toBe(expected);
  });
});

describe('fitsPlatform', () => {
  it('leaves packages for other systems, processors and C libraries out', () => {
    const any = { os: null, cpu: null, libc: null };
    expect(fitsPlatform(any, linux)).toBe(true);
    expect(fitsPlatform({ os: ['linux'], cpu: ['x64'], libc: ['glibc'] }, linux)).toBe(true);
    expect(fitsPlatform({ ...any, libc: ['musl'] }, linux)).toBe(false);
    expect(fitsPlatform({ ...any, os: ['darwin'] }, linux)).toBe(false);
  });
});

describe('planPartLayers', () => {
  it('lets only the loader and node be executed', () => {
    const layers = planPartLayers({
      libraries: [file('lib/libc.so.6'), file('lib64/ld-linux-x86-64.so.2')],
      node: [file('usr/local/bin/node'), file('usr/local/share/doc/node/LICENSE')],
      packages: [file('app/node_modules/zod/index.js')],
    });
    const entries = [...Object.values(layers), planSourceLayer([file('app/runtime/main.ts')], '{}')].flat();
    const executable = entries.flatMap((entry) => (entry.kind === 'file' && entry.mode === 0o755 ? [entry.path] : []));
    expect(executable).toEqual(['lib64/ld-linux-x86-64.so.2', 'usr/local/bin/node']);
  });
});

describe('runtimeManifest', () => {
  it('keeps only what Node needs to find our modules', () => {
    const imports = { '#*': './*/index.ts' };
    expect(JSON.parse(runtimeManifest('1.2.3', imports))).toEqual({
      name: 'fieldproof-runtime',
      version: '1.2.3',
      type: 'module',
      imports,
    });
  });
});

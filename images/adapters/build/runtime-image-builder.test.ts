import { readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { silentProgress } from '#kernel';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { blobPath } from '../../manifest.ts';
import { FileImageStore } from '../store/file-image-store.ts';
import { temporaryFolder, writeFiles } from '../images.fixture.ts';
import { RuntimeImageBuilder } from './runtime-image-builder.ts';

const dependency = (name: string, more = {}) => JSON.stringify({ name, version: '1.0.0', ...more });

/** A Fieldproof of a few files: a runtime that loads one package, which loads others. `true` stands for node. */
const TINY_FIELDPROOF = {
  'package.json': JSON.stringify({ version: '9.9.9', imports: { '#kernel': './kernel/index.ts', '#eval': './eval/index.ts' } }),
  'kernel/index.ts': 'export const one = 1;\n',
  'kernel/index.test.ts': 'no part of it\n',
  'runtime/main.ts': "import { a } from 'a';\nimport { one } from '#kernel';\n",
  'eval/index.ts': "import 'not-installed';\n",
  'node_modules/a/package.json': dependency('a', { dependencies: { b: '1' }, optionalDependencies: { 'c-win32': '1', d: '1' } }),
  'node_modules/a/index.js': 'a\n',
  'node_modules/a/index.d.ts': 'no part of it\n',
  'node_modules/a/node_modules/b/package.json': dependency('b'),
  'node_modules/b/package.json': dependency('another b'),
  'node_modules/c-win32/package.json': dependency('c-win32', { os: ['win32'] }),
  'node_modules/unused/package.json': dependency('unused'),
};

function builderFor(root: string, sourceRoot = join(root, 'source')) {
  return new RuntimeImageBuilder({ store: new FileImageStore(join(root, 'images')), sourceRoot, node: '/bin/true' });
}

describe.skipIf(process.platform !== 'linux')('the stock runtime as an image (needs Linux)', () => {
  it('holds node, its libraries, the packages that the runtime loads and our sources, and no more', async () => {
    const root = await temporaryFolder();
    await writeFiles(join(root, 'source'), TINY_FIELDPROOF);
    const image = await builderFor(root).build(silentProgress);
    const [libraries = [], ...others] = await Promise.all(
      image.layers.map(async ({ digest }) =>
        (await execa('tar', ['tf', join(image.layout, blobPath(digest))])).stdout.split('\n'),
      ),
    );
    expect(libraries).toEqual(expect.arrayContaining(['etc/passwd', 'model/', 'tmp/', expect.stringMatching(/libc\.so/)]));
    expect(others.map((layer) => layer.filter((path) => !path.endsWith('/')))).toEqual([
      ['usr/local/bin/node'],
      ['app/node_modules/a/index.js', 'app/node_modules/a/node_modules/b/package.json', 'app/node_modules/a/package.json'],
      ['app/kernel/index.ts', 'app/package.json', 'app/runtime/main.ts'],
    ]);
    expect(image).toMatchObject({ kind: 'runtime', folder: null });
  });

  it('says how it is run', async () => {
    const root = await temporaryFolder();
    await writeFiles(join(root, 'source'), TINY_FIELDPROOF);
    const image = await builderFor(root).build(silentProgress);
    const read = async (path: string) => JSON.parse(await readFile(join(image.layout, path), 'utf8')) as Record<string, unknown>;
    expect(await read(blobPath(image.config.digest))).toMatchObject({
      config: {
        Entrypoint: ['/usr/local/bin/node', '/app/runtime/main.ts'],
        Cmd: ['--model', '/model', '--host', '0.0.0.0', '--port', '8000'],
        User: '65532:65532',
        WorkingDir: '/app',
        ExposedPorts: { '8000/tcp': {} },
        Env: expect.arrayContaining(['ORT_DISABLE_TELEMETRY=1']) as string[],
      },
    });
    expect((await read(blobPath(image.digest)))['annotations']).toEqual({
      'fieldproof.kind': 'runtime',
      'org.opencontainers.image.title': 'fieldproof-runtime',
      'org.opencontainers.image.version': '9.9.9',
    });
  });

  it('has the same digest wherever it is built from the same files, and another one when a source changes', async () => {
    const first = await temporaryFolder();
    const second = await temporaryFolder();
    await writeFiles(join(first, 'source'), TINY_FIELDPROOF);
    await writeFiles(join(second, 'source'), TINY_FIELDPROOF);
    await utimes(join(second, 'source/runtime/main.ts'), 1, 1);
    const image = await builderFor(first).build(silentProgress);
    expect((await builderFor(second).build(silentProgress)).digest).toBe(image.digest);
    await writeFiles(join(second, 'source'), { 'kernel/index.ts': 'export const one = 2;\n' });
    const changed = await builderFor(second).build(silentProgress);
    const same = changed.layers.map((layer, index) => layer.digest === image.layers[index]?.digest);
    expect(same).toEqual([true, true, true, false]);
  });

  it('is not packed again while nothing changes', async () => {
    const root = await temporaryFolder();
    await writeFiles(join(root, 'source'), TINY_FIELDPROOF);
    const image = await builderFor(root).build(silentProgress);
    const steps: string[] = [];
    const progress = { ...silentProgress, step: (name: string) => void steps.push(name) };
    expect(await builderFor(root).build(progress)).toEqual(image);
    expect(steps).toEqual([]);
    await writeFiles(join(root, 'source'), { 'kernel/index.ts': 'export const one = 3;\n' });
    await builderFor(root).build(progress);
    expect(steps).toEqual(['pack the stock runtime']);
  });

  it('names a package that is not installed', async () => {
    const root = await temporaryFolder();
    await writeFiles(join(root, 'source'), { ...TINY_FIELDPROOF, 'runtime/main.ts': "import 'not-installed';\n" });
    const built = builderFor(root).build(silentProgress);
    await expect(built).rejects.toThrow('the runtime needs the package not-installed, which is not installed');
  });

  it('says what to configure where it can not be made', async () => {
    const root = await temporaryFolder();
    const files = await writeFiles(join(root, 'source'), { ...TINY_FIELDPROOF, 'node_modules/a/broken.node': 'no program' });
    const built = builderFor(root, files).build(silentProgress);
    await expect(built).rejects.toThrow(/can't be made on this host: ldd[\s\S]*remedy: name a published runtime image by digest/);
  });
});

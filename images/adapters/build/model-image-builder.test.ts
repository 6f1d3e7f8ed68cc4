import { link, mkdir, readdir, readFile, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CouldNotRun, silentProgress } from '#kernel';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { blobPath } from '../../manifest.ts';
import { FileImageStore } from '../store/file-image-store.ts';
import { requestFor, temporaryFolder, TINY_MODEL, writeFiles } from '../images.fixture.ts';
import { encodeOnnx } from '../../../testing/tiny-onnx.ts';
import { ModelImageBuilder } from './model-image-builder.ts';

async function build(root: string, files: Readonly<Record<string, string | Uint8Array>> = TINY_MODEL, more = {}) {
  const folder = await writeFiles(join(root, 'model'), files);
  return await new ModelImageBuilder({ store: new FileImageStore(join(root, 'images')) }).build(
    requestFor(folder, more),
    silentProgress,
  );
}

async function refusal(
  root: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  change?: (folder: string) => Promise<unknown>,
) {
  const folder = await writeFiles(join(root, 'model'), files);
  await change?.(folder);
  const store = new FileImageStore(join(root, 'images'));
  const built = new ModelImageBuilder({ store, mostWeightBytes: 1_000_000 }).build(requestFor(folder), silentProgress);
  const error: unknown = await built.then(
    () => new Error('it was built'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CouldNotRun)) throw error;
  expect(await readdir(join(root, 'images')).catch(() => [])).toEqual([]);
  return error.message;
}

describe('a model image', () => {
  it('has this very manifest, whatever machine builds it', async () => {
    const root = await temporaryFolder();
    const image = await build(root);
    const read = async (path: string) => JSON.parse(await readFile(join(image.layout, path), 'utf8')) as unknown;
    expect(await read(blobPath(image.digest))).toMatchInlineSnapshot(`
      {
        "annotations": {
          "fieldproof.kind": "model",
        },
        "config": {
          "digest": "sha256:4a42621ff7ed0835cceff77d4ddf3006ee93f41b7952d8dce2caac3feb371a0d",
          "mediaType": "application/vnd.oci.image.config.v1+json",
          "size": 539,
        },
        "layers": [
          {
            "digest": "sha256:17f2fdc7378b0fbfa6a81cbcf445461e6e13efb132d10c086fb611c4843148a5",
            "mediaType": "application/vnd.oci.image.layer.v1.tar",
            "size": 3072,
          },
          {
            "digest": "sha256:95d11f85326ab10d22fae8a42c752197ca002497e89748aa2c0921ecda72daf7",
            "mediaType": "application/vnd.oci.image.layer.v1.tar",
            "size": 2560,
          },
          {
            "digest": "sha256:eea5c13821485fb205d72ad049360eec18bd2997d01dddca0148aba4cc90c858",
            "mediaType": "application/vnd.oci.image.layer.v1.tar",
            "size": 2560,
          },
        ],
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "schemaVersion": 2,
      }
    `);
    expect(await read(blobPath(image.config.digest))).toMatchInlineSnapshot(`
      {
        "architecture": "amd64",
        "config": {},
        "created": "1970-01-01T00:00:00Z",
        "history": [
          {
            "created": "1970-01-01T00:00:00Z",
            "created_by": "fieldproof",
          },
          {
            "created": "1970-01-01T00:00:00Z",
            "created_by": "fieldproof",
          },
          {
            "created": "1970-01-01T00:00:00Z",
            "created_by": "fieldproof",
          },
        ],
        "os": "linux",
        "rootfs": {
          "diff_ids": [
            "sha256:17f2fdc7378b0fbfa6a81cbcf445461e6e13efb132d10c086fb611c4843148a5",
            "sha256:95d11f85326ab10d22fae8a42c752197ca002497e89748aa2c0921ecda72daf7",
            "sha256:eea5c13821485fb205d72ad049360eec18bd2997d01dddca0148aba4cc90c858",
          ],
          "type": "layers",
        },
      }
    `);
    expect(await read('manifest.json')).toMatchInlineSnapshot(`
      [
        {
          "Config": "blobs/sha256/4a42621ff7ed0835cceff77d4ddf3006ee93f41b7952d8dce2caac3feb371a0d",
          "Layers": [
            "blobs/sha256/17f2fdc7378b0fbfa6a81cbcf445461e6e13efb132d10c086fb611c4843148a5",
            "blobs/sha256/95d11f85326ab10d22fae8a42c752197ca002497e89748aa2c0921ecda72daf7",
            "blobs/sha256/eea5c13821485fb205d72ad049360eec18bd2997d01dddca0148aba4cc90c858",
          ],
          "RepoTags": null,
        },
      ]
    `);
    expect(await read('index.json')).toMatchInlineSnapshot(`
      {
        "manifests": [
          {
            "digest": "sha256:75c176358b2e645f38768bab01afc6a09a32d667d81eb56d218340c53b110262",
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "size": 739,
          },
        ],
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "schemaVersion": 2,
      }
    `);
    expect(await readFile(join(image.layout, 'oci-layout'), 'utf8')).toBe('{"imageLayoutVersion":"1.0.0"}');
    // The digest is over the manifest's bytes, and so over every byte of the image.
    expect(image.digest).toMatchInlineSnapshot(`"sha256:75c176358b2e645f38768bab01afc6a09a32d667d81eb56d218340c53b110262"`);
  });

  it('does not depend on times, modes, the order of files or what else lies in the folder', async () => {
    const first = await temporaryFolder();
    const second = await temporaryFolder();
    const image = await build(first);
    const before = process.umask(0o077);
    try {
      const files = { 'notes.md': 'not part of it', ...Object.fromEntries(Object.entries(TINY_MODEL).toReversed()) };
      const folder = await writeFiles(join(second, 'model'), files);
      await utimes(join(folder, 'tiny.onnx'), 1, 1);
      const again = await build(second, files);
      expect(again.digest).toBe(image.digest);
      expect((await stat(again.folder ?? '')).mode & 0o777).toBe(0o755);
    } finally {
      process.umask(before);
    }
  });

  it('is an ordinary tar for each layer, owned by nobody, of no time', async () => {
    const root = await temporaryFolder();
    const image = await build(root);
    const listings = await Promise.all(
      image.layers.map(({ digest }) => execa('tar', ['tvf', join(image.layout, blobPath(digest)), '--utc', '--numeric-owner'])),
    );
    const text = listings.map(({ stdout }) => stdout.replaceAll(/ +/g, ' ')).join('\n');
    expect(text.split('\n')).toEqual([
      '-rw-r--r-- 0/0 73 1970-01-01 00:00 model.yaml',
      '-rw-r--r-- 0/0 8 1970-01-01 00:00 names.txt',
      'drwxr-xr-x 0/0 0 1970-01-01 00:00 small/',
      '-rw-r--r-- 0/0 250 1970-01-01 00:00 small/tiny.onnx',
      '-rw-r--r-- 0/0 1000 1970-01-01 00:00 tiny.onnx',
    ]);
  });

  it('is unpacked beside, read-only, with the bytes of the folder', async () => {
    const root = await temporaryFolder();
    const image = await build(root, { ...TINY_MODEL, 'notes.md': 'not part of it' });
    const found = await readdir(image.folder ?? '', { recursive: true });
    expect(found.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'model.yaml',
      'names.txt',
      'small',
      'small/tiny.onnx',
      'tiny.onnx',
    ]);
    expect(new Uint8Array(await readFile(join(image.folder ?? '', 'tiny.onnx')))).toEqual(TINY_MODEL['tiny.onnx']);
    expect((await stat(join(image.folder ?? '', 'tiny.onnx'))).mode & 0o777).toBe(0o444);
  });

  it('keeps the layers of weights that did not change, and names another platform in its config alone', async () => {
    const root = await temporaryFolder();
    const first = await build(root);
    const retrained = await build(root, { ...TINY_MODEL, 'small/tiny.onnx': new Uint8Array(250).fill(9) });
    const arm = await build(root, TINY_MODEL, { platform: 'linux/arm64' });
    const same = retrained.layers.map((layer, index) => layer.digest === first.layers[index]?.digest);
    expect(same).toEqual([true, false, true]);
    expect(arm.layers).toEqual(first.layers);
    expect(arm.digest).not.toBe(first.digest);
    expect(arm.platform).toBe('linux/arm64');
  });

  it('has its annotations in the manifest', async () => {
    const root = await temporaryFolder();
    const image = await build(root, TINY_MODEL, {
      annotations: { 'org.opencontainers.image.source': 'https://example.org/a' },
    });
    const manifest = JSON.parse(await readFile(join(image.layout, blobPath(image.digest)), 'utf8')) as { annotations: unknown };
    expect(manifest.annotations).toEqual({
      'fieldproof.kind': 'model',
      'org.opencontainers.image.source': 'https://example.org/a',
    });
  });

  it('stops when it is told to, and leaves nothing', async () => {
    const root = await temporaryFolder();
    const signal = AbortSignal.abort(new Error('no longer wanted'));
    await expect(build(root, TINY_MODEL, { signal })).rejects.toThrow('no longer wanted');
    expect(await readdir(join(root, 'images')).catch(() => [])).toEqual([]);
  });
});

describe('weights that keep their tensors beside them', () => {
  const files = (location: string) => ({
    'model.yaml': 'weights: { default: big.onnx }\nalign: { detector: { weights: faces.onnx } }\n',
    'big.onnx': withData(location),
    'faces.onnx': withData(location),
    'big.onnx.data': new Uint8Array(400).fill(7),
    'other.data': 'not part of it',
  });

  it('go with them, in a layer of their own, and so does the detector of an embedder', async () => {
    const root = await temporaryFolder();
    const image = await build(root, files('big.onnx.data'));
    const found = await readdir(image.folder ?? '');
    expect(found.toSorted()).toEqual(['big.onnx', 'big.onnx.data', 'faces.onnx', 'model.yaml']);
    const other = await build(root, { ...files('big.onnx.data'), 'big.onnx.data': new Uint8Array(400).fill(9) });
    const same = other.layers.map((layer, index) => layer.digest === image.layers[index]?.digest);
    expect(same).toEqual([true, true, true, false]);
  });

  it('are missed by name, and refused where they lead out of the folder', async () => {
    const { 'big.onnx.data': _, ...without } = files('big.onnx.data');
    expect(await refusal(await temporaryFolder(), without)).toContain(
      'models/tiny/model.yaml:1:12 (weights.default): external data of big.onnx: big.onnx.data is not there',
    );
    expect(await refusal(await temporaryFolder(), files('../secret'))).toContain(
      'external data of big.onnx: "../secret" is not a path below the folder of big.onnx',
    );
    const linked = await refusal(await temporaryFolder(), without, (folder) =>
      symlink('/etc/passwd', join(folder, 'big.onnx.data')),
    );
    expect(linked).toContain('big.onnx.data is a symbolic link');
  });
});

describe('a folder that makes no model image', () => {
  const { 'tiny.onnx': weights } = TINY_MODEL;

  it.each([
    [
      'a missing file',
      { 'model.yaml': 'name: a\nweights: nope.onnx\n' },
      'models/tiny/model.yaml:2:1 (weights): nope.onnx is not there',
    ],
    ['an empty file', { 'model.yaml': 'weights: a.onnx\n', 'a.onnx': '' }, 'a.onnx is empty'],
    ['a pickle', { 'model.yaml': 'weights: a.onnx\n', 'a.onnx': Uint8Array.of(0x80, 4, 0x95, 1) }, 'a.onnx is a Python pickle'],
    ['a path upwards', { 'model.yaml': 'weights: ../a.onnx\n', '../a.onnx': weights }, `is not a path below the model's folder`],
    ['too much', { 'model.yaml': 'weights: a.onnx\n', 'a.onnx': new Uint8Array(1_000_001).fill(1) }, 'is larger than 976.6 KiB'],
    ['no YAML', { 'model.yaml': 'weights: [\n' }, 'not YAML'],
    ['no model.yaml', { 'a.onnx': weights }, 'models/tiny/model.yaml: is not there'],
  ])('names %s', async (_, files, message) => {
    const root = await temporaryFolder();
    expect(await refusal(root, files)).toContain(message);
  });

  it('refuses symbolic links to weights, to the description and on the way', async () => {
    const files = { 'model.yaml': 'weights: in/a.onnx\n' };
    const root = await temporaryFolder();
    const outside = await writeFiles(join(root, 'outside'), { 'a.onnx': weights });
    const toFolder = await refusal(root, files, (folder) => symlink(outside, join(folder, 'in')));
    expect(toFolder).toContain('in/a.onnx lies behind a symbolic link');
    const other = await temporaryFolder();
    const toFile = await refusal(other, files, async (folder) => {
      await mkdir(join(folder, 'in'));
      await symlink(join(outside, 'a.onnx'), join(folder, 'in/a.onnx'));
    });
    expect(toFile).toContain('in/a.onnx is a symbolic link');
    const third = await temporaryFolder();
    const toDescription = await refusal(third, {}, async (folder) => {
      await mkdir(folder);
      await symlink('/etc/hostname', join(folder, 'model.yaml'));
    });
    expect(toDescription).toContain('model.yaml: is a symbolic link');
  });

  it('refuses a device, a pipe and a sparse file of a terabyte without reading them', async () => {
    const root = await temporaryFolder();
    const files = { 'model.yaml': 'weights: a.onnx\n' };
    const pipe = await refusal(root, files, (folder) => execa('mkfifo', [join(folder, 'a.onnx')]));
    expect(pipe).toContain('a.onnx is not a plain file');
    const other = await temporaryFolder();
    const sparse = await refusal(other, files, async (folder) => {
      await writeFile(join(folder, 'a.onnx'), '');
      await truncate(join(folder, 'a.onnx'), 2 ** 40);
    });
    expect(sparse).toContain('a.onnx is larger than');
  });

  it('takes a hard link for the file that it is', async () => {
    const root = await temporaryFolder();
    const cache = await writeFiles(join(root, 'cache'), { blob: weights });
    await mkdir(join(root, 'model'));
    await link(join(cache, 'blob'), join(root, 'model/a.onnx'));
    expect((await build(root, { 'model.yaml': 'weights: a.onnx\n' })).layers).toHaveLength(2);
  });
});

function withData(externalFile: string): Uint8Array {
  return encodeOnnx({
    nodes: [{ operator: 'Mul', inputs: ['x', 'gains'], outputs: ['y'] }],
    inputs: [{ name: 'x', type: 'float32', shape: [100] }],
    outputs: [{ name: 'y', type: 'float32', shape: [100] }],
    constants: [{ name: 'gains', shape: [100], values: [], externalFile }],
  });
}

import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { silentProgress } from '#kernel';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import type { BuiltImage } from '../../image.ts';
import { blobPath } from '../../manifest.ts';
import { FileImageStore } from './file-image-store.ts';
import { requestFor, temporaryFolder, TINY_MODEL, writeFiles } from '../images.fixture.ts';
import { ModelImageBuilder } from '../build/model-image-builder.ts';

const PROGRAM = `
  import { FileImageStore, ModelImageBuilder } from ${JSON.stringify(join(import.meta.dirname, '../index.ts'))};
  const [folder, root] = process.argv.slice(1);
  const builder = new ModelImageBuilder({ store: new FileImageStore(root) });
  const request = { folder, displayPath: 'm', platform: 'linux/amd64', annotations: {} };
  const progress = { step() {}, advance() {}, note() {} };
  console.log((await builder.build(request, progress)).digest);
`;

async function listOf(store: FileImageStore): Promise<BuiltImage[]> {
  const images: BuiltImage[] = [];
  for await (const image of store.list()) images.push(image);
  return images;
}

function buildInProcess(folder: string, root: string) {
  return execa(process.execPath, ['--input-type=module', '-e', PROGRAM, folder, root], { reject: false });
}

describe('FileImageStore', () => {
  it('finds what was built, and nothing else', async () => {
    const root = await temporaryFolder();
    const store = new FileImageStore(join(root, 'images'));
    const folder = await writeFiles(join(root, 'model'), TINY_MODEL);
    const image = await new ModelImageBuilder({ store }).build(requestFor(folder), silentProgress);
    expect(await store.find(image.digest)).toEqual(image);
    expect(await store.find(`sha256:${'0'.repeat(64)}`)).toBeUndefined();
    expect(await store.find('../../etc')).toBeUndefined();
    expect(await listOf(store)).toEqual([image]);
  });

  it('does not find an image with a layer cut short, and makes it whole again', async () => {
    const root = await temporaryFolder();
    const store = new FileImageStore(join(root, 'images'));
    const folder = await writeFiles(join(root, 'model'), TINY_MODEL);
    const builder = new ModelImageBuilder({ store });
    const image = await builder.build(requestFor(folder), silentProgress);
    const layer = image.layers[1];
    if (layer === undefined) throw new Error('expected three layers');
    await truncate(join(image.layout, blobPath(layer.digest)), 100);
    expect(await store.find(image.digest)).toBeUndefined();
    expect(await builder.build(requestFor(folder), silentProgress)).toEqual(image);
    expect((await stat(join(image.layout, blobPath(layer.digest)))).size).toBe(layer.size);
  });

  it('is shared by two processes that build the same image at once', async () => {
    const root = await temporaryFolder();
    const folder = await writeFiles(join(root, 'model'), { ...TINY_MODEL, 'tiny.onnx': new Uint8Array(2e7).fill(8) });
    const images = join(root, 'images');
    const results = await Promise.all([buildInProcess(folder, images), buildInProcess(folder, images)]);
    const [first, second] = results.map(({ stdout }) => stdout);
    expect(first).toMatch(/^sha256:/);
    expect(second).toBe(first);
    expect(await readdir(images)).toEqual([first?.slice('sha256:'.length)]);
  });

  it('has no half image after a process was killed midway, and sweeps its draft up a day later', async () => {
    const root = await temporaryFolder();
    const images = join(root, 'images');
    const folder = await writeFiles(join(root, 'model'), { ...TINY_MODEL, 'tiny.onnx': randomBytes(4e7) });
    const child = buildInProcess(folder, images);
    const drafts = async () => (await readdir(images).catch(() => [])).filter((name) => name.startsWith('.draft-'));
    while ((await drafts()).length === 0) await wait(2);
    child.kill('SIGKILL');
    expect((await child).isTerminated).toBe(true);
    const store = new FileImageStore(images);
    expect(await listOf(store)).toEqual([]);
    const [draft = ''] = await drafts();
    await utimes(join(images, draft), 1, 1);
    const image = await new ModelImageBuilder({ store }).build(requestFor(folder), silentProgress);
    expect(await readdir(images)).toEqual([image.digest.slice('sha256:'.length)]);
    expect((await readFile(join(image.folder ?? '', 'tiny.onnx'))).length).toBe(4e7);
  });

  it('says that it can not write there, and what to do', async () => {
    const root = await temporaryFolder();
    await writeFile(join(root, 'images'), 'a file where the folder should be');
    const folder = await writeFiles(join(root, 'model'), TINY_MODEL);
    const builder = new ModelImageBuilder({ store: new FileImageStore(join(root, 'images', 'deep')) });
    await expect(builder.build(requestFor(folder), silentProgress)).rejects.toThrow('images can not be written here');
  });
});

const mayMount = await canMount();

describe.skipIf(!mayMount)('FileImageStore on a full disk (needs the right to mount a tmpfs)', () => {
  it('says so and leaves nothing half written', async () => {
    const root = await temporaryFolder();
    const disk = join(root, 'disk');
    await mkdir(disk);
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    try {
      const folder = await writeFiles(join(root, 'model'), { ...TINY_MODEL, 'tiny.onnx': randomBytes(3e6) });
      const store = new FileImageStore(join(disk, 'images'));
      const built = new ModelImageBuilder({ store }).build(requestFor(folder), silentProgress);
      await expect(built).rejects.toThrow(/the disk is full\n {2}remedy: free some space there/);
      expect(await readdir(join(disk, 'images'))).toEqual([]);
    } finally {
      await execa('umount', [disk]);
    }
  });
});

async function canMount(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'fieldproof-mount-'));
  const { failed } = await execa('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { reject: false });
  if (!failed) await execa('umount', [folder]);
  await rm(folder, { recursive: true });
  return !failed;
}

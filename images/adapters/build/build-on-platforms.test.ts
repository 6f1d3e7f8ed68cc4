import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, hexOf, silentProgress } from '#kernel';
import { describe, expect, it, onTestFinished } from 'vitest';
import { imageOn } from '../../image.ts';
import { blobPath, indexOf } from '../../manifest.ts';
import { requestFor, temporaryFolder, TINY_MODEL, writeFiles } from '../images.fixture.ts';
import { KnownDigests } from '../registry/known-digests.ts';
import { OciRegistry } from '../registry/oci-registry.ts';
import { receiveImage, sendImage } from '../store/carry-image.ts';
import { FileImageStore } from '../store/file-image-store.ts';
import { buildOnPlatforms } from './build-on-platforms.ts';
import { ModelImageBuilder } from './model-image-builder.ts';

const BOTH = ['linux/amd64', 'linux/arm64'] as const;

async function build(root: string, platforms: readonly string[] = BOTH) {
  const store = new FileImageStore(join(root, 'images'));
  const { platform: _, ...request } = requestFor(await writeFiles(join(root, 'model'), TINY_MODEL));
  const image = await buildOnPlatforms(platforms, request, silentProgress, { builder: new ModelImageBuilder({ store }), store });
  return { store, image };
}

/** A registry that keeps what it is sent, and takes an index only once it has all that the index lists. */
async function startRegistry() {
  const kept = new Map<string, Buffer>();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://registry.example');
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const name = searchParams.get('digest') ?? pathname.split('/').at(-1) ?? '';
    if (request.method === 'POST') return void response.writeHead(202, { location: '/upload' }).end();
    if (request.method === 'PUT') {
      const body = Buffer.concat(chunks);
      const listed = pathname.includes('/manifests/')
        ? (JSON.parse(body.toString()) as { manifests?: { digest: string }[] })
        : {};
      if (listed.manifests?.some(({ digest }) => !kept.has(digest))) return void response.writeHead(400).end('unknown manifest');
      kept.set(name, body);
      return void response.writeHead(201, { 'docker-content-digest': digestOf(body) }).end();
    }
    const found = kept.get(name);
    if (found === undefined) response.writeHead(404).end();
    else response.writeHead(200).end(request.method === 'HEAD' ? undefined : found);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { kept, name: `127.0.0.1:${(server.address() as AddressInfo).port}/acme/porch` };
}

describe('an image for several platforms', () => {
  it('is for one platform the very image of that platform', async () => {
    const root = await temporaryFolder();
    const { store, image } = await build(root, ['linux/amd64']);
    const alone = await new ModelImageBuilder({ store }).build(requestFor(join(root, 'model')), silentProgress);
    expect(image).toEqual(alone);
    expect(image.index).toBeUndefined();
  });

  it('has one digest, in whatever order they are named and wherever it is made', async () => {
    const [one, other] = await Promise.all([temporaryFolder(), temporaryFolder()]);
    const { store, image } = await build(one);
    expect((await build(other, BOTH.toReversed())).image.digest).toBe(image.digest);
    expect(await store.find(image.digest)).toEqual(image);
  });

  it('holds on each platform the same bytes, which are kept once, under a config that names that platform', async () => {
    const { image } = await build(await temporaryFolder());
    const [amd, arm] = BOTH.map((platform) => imageOn(image, platform));
    expect([amd?.platform, arm?.platform]).toEqual(BOTH);
    expect(arm?.layers).toEqual(amd?.layers);
    expect(arm?.digest).not.toBe(amd?.digest);
    const files = [amd, arm].map(
      async (one) => await stat(join(one?.layout ?? '', blobPath(image.layers[0]?.digest ?? image.digest))),
    );
    const [first, second] = await Promise.all(files);
    expect(first?.ino).toBe(second?.ino);
    const index = JSON.parse(await readFile(join(image.layout, blobPath(image.digest)), 'utf8')) as { manifests: object[] };
    expect(index.manifests).toMatchObject([
      { digest: amd?.digest, platform: { os: 'linux', architecture: 'amd64' } },
      { digest: arm?.digest, platform: { os: 'linux', architecture: 'arm64' } },
    ]);
  });

  it('is gone with any of its images', async () => {
    const { store, image } = await build(await temporaryFolder());
    await rm(join(store.root, hexOf(imageOn(image, 'linux/arm64').digest)), { recursive: true });
    expect(await store.find(image.digest)).toBeUndefined();
  });

  it('travels in one folder, where each layer is once, and arrives with the same digest', async () => {
    const root = await temporaryFolder();
    const { image } = await build(root);
    await sendImage(image, join(root, 'sent'));
    expect(await readdir(join(root, 'sent'))).toEqual([hexOf(image.digest)]);
    const blobs = await readdir(join(root, 'sent', hexOf(image.digest), 'blobs', 'sha256'));
    expect(blobs).toHaveLength(image.layers.length + 2 * 2 + 1);
    const received = await receiveImage(image.digest, join(root, 'sent'), new FileImageStore(join(root, 'received')));
    expect(received).toMatchObject({ digest: image.digest, platform: null });
    expect(received.index?.images.map(({ digest, platform }) => [digest, platform])).toEqual(
      image.index?.images.map(({ digest, platform }) => [digest, platform]),
    );
  });

  it('is not received with another image in the place of one, nor with an index in an index', async () => {
    const root = await temporaryFolder();
    const { image } = await build(root);
    await sendImage(image, join(root, 'sent'));
    const arm = imageOn(image, 'linux/arm64');
    const layout = join(root, 'sent', hexOf(image.digest));
    await writeFile(
      join(layout, blobPath(arm.digest)),
      await readFile(join(layout, blobPath(imageOn(image, 'linux/amd64').digest))),
    );
    const store = new FileImageStore(join(root, 'received'));
    await expect(receiveImage(image.digest, join(root, 'sent'), store)).rejects.toThrow(/it holds other bytes/);
    const entry = { digest: image.digest, mediaType: '', size: 1, platform: 'linux/amd64' };
    const nested = indexOf([entry]);
    const around = join(root, 'sent', hexOf(digestOf(nested)));
    await cp(layout, around, { recursive: true });
    await writeFile(join(around, blobPath(digestOf(nested))), nested);
    await expect(receiveImage(digestOf(nested), join(root, 'sent'), store)).rejects.toThrow(/an index of images/);
    expect(await store.find(digestOf(nested))).toBeUndefined();
  });

  it('is pushed with all of its images, and pulled as one', async () => {
    const root = await temporaryFolder();
    const { store, image } = await build(root);
    const { kept, name } = await startRegistry();
    await new OciRegistry({ store }).push(image, name);
    expect([...kept.keys()]).toEqual(expect.arrayContaining([image, ...(image.index?.images ?? [])].map(({ digest }) => digest)));
    const elsewhere = new FileImageStore(join(root, 'elsewhere'));
    const pulled = await new OciRegistry({ store: elsewhere }).pull(`${name}@${image.digest}`);
    expect(pulled.index?.images.map(({ platform }) => platform)).toEqual(BOTH);
    expect(await readFile(join(pulled.folder ?? '', 'names.txt'), 'utf8')).toBe('cat\ndog\n');
  });

  it('is stood for at a node by the image of its platform', async () => {
    const root = await temporaryFolder();
    const { store, image } = await build(root);
    const digests = new KnownDigests({ store, registry: new OciRegistry({ store }), folder: join(root, 'known') });
    const all = [image, ...(image.index?.images ?? [])].map(({ digest }) => digest);
    expect(await digests.standFor(`registry.example/acme/porch@${image.digest}`)).toEqual(all);
  });
});

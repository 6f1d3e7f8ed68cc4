import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { digestOf, silentProgress, type Digest } from '#kernel';
import { FileImageStore } from '../store/file-image-store.ts';
import { requestFor, temporaryFolder, TINY_MODEL, writeFiles } from '../images.fixture.ts';
import { KnownDigests } from './known-digests.ts';
import { ModelImageBuilder } from '../build/model-image-builder.ts';
import { OciRegistry } from './oci-registry.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A registry that has these documents, and counts what it is asked. */
async function serve(documents: readonly string[]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const found = documents.find((text) => request.url?.endsWith(digestOf(text)));
    if (found === undefined) response.writeHead(404).end();
    else response.end(found);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  closing.push(() => server.close());
  return { asked, name: `127.0.0.1:${(server.address() as AddressInfo).port}/acme/porch` };
}

const child = (architecture: string): { digest: Digest; platform: object } => ({
  digest: digestOf(architecture),
  platform: { os: 'linux', architecture },
});
const index = JSON.stringify({ schemaVersion: 2, manifests: [child('amd64'), child('arm64')] });

async function known() {
  const folder = await temporaryFolder();
  const store = new FileImageStore(join(folder, 'images'));
  return {
    folder,
    store,
    digests: new KnownDigests({ store, registry: new OciRegistry({ store }), folder: join(folder, 'indexes') }),
  };
}

describe('the digests that stand for an image', () => {
  it('are those of an index and its children, which are asked for once', async () => {
    const { digests } = await known();
    const { name, asked } = await serve([index]);
    const all = [digestOf(index), digestOf('amd64'), digestOf('arm64')];
    expect(await digests.standFor(`${name}@${digestOf(index)}`)).toEqual(all);
    expect(await digests.standFor(`${name}@${digestOf(index)}`)).toEqual(all);
    expect(asked).toHaveLength(1);
  });

  it('are its own alone where it is of one platform', async () => {
    const { digests } = await known();
    const manifest = JSON.stringify({ schemaVersion: 2, config: {}, layers: [] });
    const { name } = await serve([manifest]);
    expect(await digests.standFor(`${name}@${digestOf(manifest)}`)).toEqual([digestOf(manifest)]);
  });

  it('are known without a registry of what is on this machine', async () => {
    const { folder, store, digests } = await known();
    const request = requestFor(await writeFiles(join(folder, 'model'), TINY_MODEL));
    const image = await new ModelImageBuilder({ store }).build(request, silentProgress);
    expect(await digests.standFor(`127.0.0.1:1/acme/porch@${image.digest}`)).toEqual([image.digest]);
  });

  it('cannot be told by a registry that does not have it', async () => {
    const { digests } = await known();
    const { name } = await serve([]);
    await expect(digests.standFor(`${name}@${digestOf(index)}`)).rejects.toThrow(/no such image/);
  });
});

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, silentProgress } from '#kernel';
import { describe, expect, it } from 'vitest';
import type { BuiltImage } from '../../image.ts';
import { blobPath } from '../../manifest.ts';
import { FileImageStore } from '../store/file-image-store.ts';
import { requestFor, temporaryFolder, TINY_MODEL, writeFiles } from '../images.fixture.ts';
import { ModelImageBuilder } from '../build/model-image-builder.ts';
import { OciRegistry } from './oci-registry.ts';
import type { Credentials } from './registry-session.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, origin: string) => void | Promise<void>;

async function buildTiny(root: string): Promise<BuiltImage> {
  const folder = await writeFiles(join(root, 'model'), TINY_MODEL);
  return await new ModelImageBuilder({ store: new FileImageStore(join(root, 'images')) }).build(
    requestFor(folder),
    silentProgress,
  );
}

/** Pulls the tiny model from a server that answers in this way. Gives what came of it, and what was asked. */
async function pullFrom(root: string, image: BuiltImage, handler: Handler, credentials?: Credentials) {
  const asked: string[] = [];
  let origin = '';
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? '-'}`);
    void (async () => await handler(request, response, origin))();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  origin = `http://${host}`;
  try {
    const store = new FileImageStore(join(root, 'pulled'));
    const registry = new OciRegistry({ store, credentials: () => credentials });
    const result = await registry.pull(`${host}/acme/porch@${image.digest}`).catch((error: unknown) => error);
    return { result, asked, left: await readdir(join(root, 'pulled')).catch(() => []) };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Serves the blobs of an image as a registry does. */
function serving(image: BuiltImage, change: (bytes: Buffer, path: string) => Buffer = (bytes) => bytes): Handler {
  return async (request, response) => {
    const digest = /sha256:([0-9a-f]{64})$/.exec(request.url ?? '')?.[0] as BuiltImage['digest'];
    const bytes = await readFile(join(image.layout, blobPath(digest))).catch(() => undefined);
    if (bytes === undefined) response.writeHead(404).end();
    else response.end(change(bytes, digest));
  };
}

describe('OciRegistry', () => {
  it('gets a token where the registry says, with the credentials of that host, and uses it', async () => {
    const root = await temporaryFolder();
    const image = await buildTiny(root);
    const blobs = serving(image);
    const handler: Handler = async (request, response, origin) => {
      if (request.url?.startsWith('/token')) return void response.end(JSON.stringify({ token: 'abc' }));
      if (request.headers.authorization === 'Bearer abc') return await blobs(request, response, origin);
      const challenge = `Bearer realm="${origin}/token",service="reg",scope="repository:acme/porch:pull"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    };
    const { result, asked } = await pullFrom(root, image, handler, { username: 'me', password: 'secret' });
    expect(result).toMatchObject({ digest: image.digest });
    expect(asked.slice(0, 3)).toEqual([
      `GET /v2/acme/porch/manifests/${image.digest} -`,
      'GET /token?service=reg&scope=repository%3Aacme%2Fporch%3Apull Basic bWU6c2VjcmV0',
      `GET /v2/acme/porch/manifests/${image.digest} Bearer abc`,
    ]);
    expect(asked).toHaveLength(3 + 4);
  });

  it('shows a plain password only when it is asked for one', async () => {
    const root = await temporaryFolder();
    const image = await buildTiny(root);
    const blobs = serving(image);
    const handler: Handler = async (request, response, origin) => {
      if (request.headers.authorization === 'Basic bWU6c2VjcmV0') return await blobs(request, response, origin);
      response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
    };
    expect((await pullFrom(root, image, handler, { username: 'me', password: 'secret' })).result).toMatchObject({
      digest: image.digest,
    });
    const other = await temporaryFolder();
    const { result } = await pullFrom(other, image, handler);
    expect(String(result)).toContain('the registry wants to know who asks');
  });

  it('follows a blob to another server without telling it who asks', async () => {
    const root = await temporaryFolder();
    const image = await buildTiny(root);
    const blobs = serving(image);
    const told: (string | undefined)[] = [];
    const handler: Handler = async (request, response, origin) => {
      const elsewhere = origin.replace('127.0.0.1', 'localhost');
      if (request.headers.host?.startsWith('localhost')) {
        told.push(request.headers.authorization);
        return await blobs(request, response, origin);
      }
      if (request.headers.authorization === undefined) return void response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
      if (request.url?.includes('/manifests/')) return await blobs(request, response, origin);
      response.writeHead(307, { location: `${elsewhere}${request.url}` }).end();
    };
    const { result } = await pullFrom(root, image, handler, { username: 'me', password: 'secret' });
    expect(result).toMatchObject({ digest: image.digest });
    expect(told).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('never follows a blob to an unencrypted server', async () => {
    const root = await temporaryFolder();
    const { result, left } = await pullFrom(root, await buildTiny(root), (_, response) => {
      response.writeHead(307, { location: 'http://blobs.example/x' }).end();
    });
    expect(String(result)).toContain('leads to http://blobs.example, which is not encrypted');
    expect(left).toEqual([]);
  });

  it.each([
    ['a changed manifest', (bytes: Buffer, digest: string, image: BuiltImage) => (digest === image.digest ? flip(bytes) : bytes)],
    [
      'a changed config',
      (bytes: Buffer, digest: string, image: BuiltImage) => (digest === image.config.digest ? flip(bytes) : bytes),
    ],
    [
      'a changed layer',
      (bytes: Buffer, digest: string, image: BuiltImage) => (digest === image.layers[2]?.digest ? flip(bytes) : bytes),
    ],
    [
      'a layer cut short',
      (bytes: Buffer, digest: string, image: BuiltImage) => (digest === image.layers[2]?.digest ? bytes.subarray(9) : bytes),
    ],
    [
      'a layer without end',
      (bytes: Buffer, digest: string, image: BuiltImage) => (digest === image.layers[2]?.digest ? Buffer.alloc(5e6) : bytes),
    ],
  ])('refuses %s and keeps nothing', async (_, change) => {
    const root = await temporaryFolder();
    const image = await buildTiny(root);
    const { result, left } = await pullFrom(
      root,
      image,
      serving(image, (bytes, digest) => change(bytes, digest, image)),
    );
    expect(String(result)).toMatch(/CouldNotRun: .*the registry sent/);
    expect(left).toEqual([]);
  });

  it('names the images of an index that holds more than images, for one of them must be pinned', async () => {
    const root = await temporaryFolder();
    const image = await buildTiny(root);
    const index = JSON.stringify({
      manifests: [
        { digest: image.config.digest, platform: { os: 'linux', architecture: 'arm64' } },
        { digest: image.digest, platform: { os: 'unknown', architecture: 'unknown' } },
      ],
    });
    const { result } = await pullFrom(root, { ...image, digest: digestOf(index) }, (_, response) => void response.end(index));
    expect(String(result)).toContain(`pin the image of one platform: linux/arm64 ${image.config.digest}`);
  });

  it('says so when nothing answers, and when no digest is named', async () => {
    const root = await temporaryFolder();
    const image = await buildTiny(root);
    const registry = new OciRegistry({ store: new FileImageStore(join(root, 'pulled')) });
    await expect(registry.push(image, '127.0.0.1:1/acme/porch')).rejects.toThrow('the registry does not answer');
    await expect(registry.pull('127.0.0.1:1/acme/porch:latest')).rejects.toThrow('names no digest');
    await expect(registry.push(image, `127.0.0.1:1/acme/porch@${image.config.digest}`)).rejects.toThrow(
      `the image is ${image.digest}`,
    );
  });
});

function flip(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8((changed[5] ?? 0) ^ 1, 5);
  return changed;
}

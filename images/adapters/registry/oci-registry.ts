import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CouldNotRun, digestOf, type Digest } from '#kernel';
import type { Blob, BuiltImage } from '../../image.ts';
import type { Registry } from '../../registry.ts';
import { blobPath, describeManifest, kindOf } from '../../manifest.ts';
import { ACCEPTED_MANIFESTS, parseIndex, parseManifest } from '../../manifest-schema.ts';
import { parseReference } from '../../reference.ts';
import type { FileImageStore } from '../store/file-image-store.ts';
import { RegistrySession, type Credentials } from './registry-session.ts';

const MOST_MANIFEST_BYTES = 4 * 1024 * 1024;
const MOST_CONFIG_BYTES = 8 * 1024 * 1024;

export type OciRegistryOptions = {
  store: FileImageStore;
  /** Who we are to the registry at this host (`registry.example`, `127.0.0.1:5000`); nobody, when it gives nothing. */
  credentials?: (host: string) => Credentials | undefined;
  signal?: AbortSignal;
};

type Opened = ReturnType<typeof parseReference> & { session: RegistrySession };

/** Registries that speak the OCI distribution protocol, version 1. */
export class OciRegistry implements Registry {
  readonly #store: FileImageStore;
  readonly #credentials: (host: string) => Credentials | undefined;
  readonly #signal: AbortSignal | undefined;

  constructor({ store, credentials = () => undefined, signal }: OciRegistryOptions) {
    this.#store = store;
    this.#credentials = credentials;
    this.#signal = signal;
  }

  async push(image: BuiltImage, reference: string): Promise<void> {
    const opened = this.#open(reference);
    const { tag, digest } = opened;
    if (digest !== null && digest !== image.digest) {
      throw wrongBytes(reference, `the image is ${image.digest}`, 'push it to a reference without digest');
    }
    // An index last: a registry takes none whose images it has not got.
    for (const one of image.index?.images ?? []) await this.#pushOne(one, opened, [one.digest], reference);
    await this.#pushOne(image, opened, [image.digest, ...(tag === null ? [] : [tag])], reference);
  }

  async #pushOne(image: BuiltImage, { session, repository }: Opened, names: readonly string[], reference: string): Promise<void> {
    const ofOne = image.index === undefined ? [...image.layers, image.config] : [];
    const blobs = new Map(ofOne.map((blob) => [blob.digest, blob]));
    for (const blob of blobs.values()) await pushBlob(session, repository, image, blob);
    const manifest = await readFile(join(image.layout, blobPath(image.digest)), 'utf8');
    const { mediaType } = parseIndex(manifest, image.layout) ?? parseManifest(manifest, image.layout);
    for (const name of names) {
      const path = `/v2/${repository}/manifests/${name}`;
      const headers = { 'content-type': mediaType };
      const answer = await session.call({ method: 'PUT', path, headers, body: () => manifest, expect: [201] });
      await answer.body.dump();
      const theirs = answer.headers['docker-content-digest'];
      if (theirs !== undefined && theirs !== image.digest) {
        throw wrongBytes(
          reference,
          `the registry names it ${String(theirs)} and we ${image.digest}`,
          'ask who runs the registry',
        );
      }
    }
  }

  async pull(reference: string): Promise<BuiltImage> {
    const opened = this.#open(reference);
    const { digest } = opened;
    const there = digest === null ? undefined : await this.#store.find(digest);
    if (there !== undefined) return there;
    const manifest = await manifestOf(opened, reference);
    const index = parseIndex(manifest, reference);
    if (index === undefined) return await this.#pullOne(manifest, opened, reference);
    for (const one of index.images)
      await this.#pullOne(await manifestOf({ ...opened, digest: one }, reference), opened, reference);
    return await this.#store.addIndex(manifest);
  }

  async #pullOne(manifest: string, { session, repository }: Opened, reference: string): Promise<BuiltImage> {
    const there = await this.#store.find(digestOf(manifest));
    if (there !== undefined) return there;
    const { mediaType, config: configBlob, layers, annotations } = parseManifest(manifest, reference);
    const fetch = (blob: Blob) => session.call({ method: 'GET', path: `/v2/${repository}/blobs/${blob.digest}`, expect: [200] });
    const config = await readSmall((await fetch(configBlob)).body, MOST_CONFIG_BYTES, reference);
    check(configBlob, digestOf(config), Buffer.byteLength(config), reference);
    return await this.#store.add(async (draft) => {
      for (const layer of layers) {
        if (await this.#store.holdsLayer(layer)) await draft.reuseLayer(layer);
        else await draft.addLayer(async (target) => await pullLayer((await fetch(layer)).body, layer, target, reference));
      }
      return describeManifest({ kind: kindOf(annotations), manifest, mediaType, config, configBlob, layers });
    });
  }

  async manifest(reference: string): Promise<string> {
    return await manifestOf(this.#open(reference), reference);
  }

  #open(text: string): Opened {
    const reference = parseReference(text);
    return { ...reference, session: new RegistrySession(reference, this.#credentials(reference.host), this.#signal) };
  }
}

async function pushBlob(session: RegistrySession, repository: string, image: BuiltImage, blob: Blob): Promise<void> {
  const head = await session.call({ method: 'HEAD', path: `/v2/${repository}/blobs/${blob.digest}`, expect: [200, 404] });
  await head.body.dump();
  if (head.statusCode === 200) return;
  const begun = await session.call({ method: 'POST', path: `/v2/${repository}/blobs/uploads/`, expect: [202] });
  await begun.body.dump();
  const place = new URL(String(begun.headers.location), `${session.origin}/v2/${repository}/blobs/uploads/`);
  place.searchParams.set('digest', blob.digest);
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(blob.size) };
  const body = () => createReadStream(join(image.layout, blobPath(blob.digest)), { highWaterMark: 1024 * 1024 });
  const done = await session.call({ method: 'PUT', path: place.href, headers, body, expect: [201] });
  await done.body.dump();
}

async function pullLayer(body: AsyncIterable<Uint8Array>, layer: Blob, target: string, reference: string): Promise<Blob> {
  const file = await open(target, 'wx');
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > layer.size) break;
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    check(layer, `sha256:${hash.digest('hex')}`, size, reference);
    await file.datasync();
    return layer;
  } finally {
    await file.close();
  }
}

async function readSmall(body: AsyncIterable<Uint8Array>, most: number, reference: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > most) throw wrongBytes(reference, `its manifest or config is larger than ${most} bytes`, REMEDY);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function check(blob: Blob, digest: Digest, size: number, reference: string): void {
  if (blob.digest === digest && blob.size === size) return;
  throw wrongBytes(reference, `the registry sent other bytes than ${blob.digest} (${blob.size} bytes)`, REMEDY);
}

const REMEDY = 'nothing was kept; push the image again, and ask who runs the registry';

function wrongBytes(reference: string, message: string, remedy: string): CouldNotRun {
  return new CouldNotRun({ file: reference, message, remedy });
}

async function manifestOf({ session, repository, digest }: Opened, reference: string): Promise<string> {
  if (digest === null) throw wrongBytes(reference, 'names no digest', 'end it with @sha256:..., for a tag may move');
  const path = `/v2/${repository}/manifests/${digest}`;
  const answer = await session.call({ method: 'GET', path, headers: { accept: ACCEPTED_MANIFESTS }, expect: [200] });
  const manifest = await readSmall(answer.body, MOST_MANIFEST_BYTES, reference);
  if (digestOf(manifest) !== digest) throw wrongBytes(reference, `the registry sent ${digestOf(manifest)}`, REMEDY);
  return manifest;
}

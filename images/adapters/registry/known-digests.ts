import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { digestOf, hexOf, isDigest, type Digest } from '#kernel';
import { imagesOf } from '../../image.ts';
import { childrenOf } from '../../manifest-schema.ts';
import type { ImageStore } from '../../image-store.ts';
import type { Registry } from '../../registry.ts';

export type KnownDigestsOptions = { store: ImageStore; registry: Registry; folder: string };

/** Which digests stand for an image. Indexes are kept as they were read: their digest says that they are still the same. */
export class KnownDigests {
  readonly #options: KnownDigestsOptions;

  constructor(options: KnownDigestsOptions) {
    this.#options = options;
  }

  /** @throws CouldNotRun when neither this machine nor the registry has it */
  async standFor(reference: string): Promise<readonly Digest[]> {
    const digest = reference.replace(/^.*@/, '');
    if (!isDigest(digest)) throw new TypeError(`${reference} names no digest`);
    const { store, registry } = this.#options;
    const here = await store.find(digest);
    if (here !== undefined) return imagesOf(here).map((image) => image.digest);
    const manifest = (await this.#kept(digest)) ?? (await this.#keep(digest, await registry.manifest(reference)));
    return [digest, ...childrenOf(manifest)];
  }

  async #kept(digest: Digest): Promise<string | null> {
    const text = await readFile(this.#file(digest), 'utf8').catch(() => null);
    return text !== null && digestOf(text) === digest ? text : null;
  }

  async #keep(digest: Digest, text: string): Promise<string> {
    const file = this.#file(digest);
    const draft = `${file}.${randomUUID()}`;
    await mkdir(this.#options.folder, { recursive: true });
    await writeFile(draft, text);
    await rename(draft, file);
    return text;
  }

  #file(digest: Digest): string {
    return join(this.#options.folder, `${hexOf(digest)}.json`);
  }
}

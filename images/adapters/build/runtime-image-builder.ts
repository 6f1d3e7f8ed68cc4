import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CouldNotRun, type Progress } from '#kernel';
import type { Blob, BuiltImage, DescribedImage } from '../../image.ts';
import type { RuntimeImageBuilder } from '../../image-builder.ts';
import type { LayerEntry } from '../../layer.ts';
import { describeImage, imageConfig, type ImageDescription } from '../../manifest.ts';
import { RUNTIME_CONFIG, STAGE_CONFIG } from '../../runtime-image.ts';
import { lockedPlatform, runtimeLockFile, runtimeLockSchema, type PlatformLock, type RuntimeLock } from '../../runtime-lock.ts';
import type { FileImageStore, ImageDraft } from '../store/file-image-store.ts';
import { writeLayer } from '../store/layer-writer.ts';
import type { Environment } from './npm-tarballs.ts';
import { planParts, type PartLayer } from './runtime-parts.ts';
import { readRuntimeSources, readStageProgram } from './runtime-sources.ts';

export type RuntimeImageOptions = {
  store: FileImageStore;
  /** For npm and for fetching: where registries, proxies and certificates are named. */
  environment: Environment;
  /** The folder of Fieldproof itself, with runtime/, kernel/ and images/runtime-lock.json. */
  sourceRoot?: string;
  /** What it runs: the server of a model, or a stage of a graph that is deployed. */
  program?: 'server' | 'stage';
};

/** `own`: the layers of our own files. */
type Planned = { platform: string; parts: PlatformLock; own: readonly LayerEntry[][]; description: ImageDescription };

const PARTS: readonly PartLayer[] = ['libraries', 'node', 'packages'];

/**
 * The stock runtime as an image without a base and without an engine: what images/runtime-lock.json pins, and our sources.
 * Nothing of this machine goes into it, so its digest is the same on every one, and known before a byte is fetched.
 */
export class StockRuntimeBuilder implements RuntimeImageBuilder {
  readonly #store: FileImageStore;
  readonly #environment: Environment;
  readonly #root: string;
  readonly #program: 'server' | 'stage';

  constructor({ store, environment, sourceRoot, program = 'server' }: RuntimeImageOptions) {
    this.#store = store;
    this.#environment = environment;
    this.#program = program;
    this.#root = sourceRoot ?? dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
  }

  async describe(platform: string): Promise<DescribedImage | null> {
    const planned = await this.#plan(platform);
    return planned === null ? null : { ...planned.description, platform: planned.platform };
  }

  async build(platform: string, progress: Progress, signal?: AbortSignal): Promise<BuiltImage> {
    const planned = await this.#plan(platform);
    if (planned === null) throw undefinedFor(platform);
    const there = await this.#store.find(planned.description.digest);
    if (there !== undefined) return there;
    const what = this.#program === 'stage' ? 'program of stages' : 'stock runtime';
    progress.step(`make the ${what} for ${planned.platform}`);
    return await this.#store.add(async (draft) => {
      await this.#addParts(planned, draft, signal);
      for (const layer of planned.own) await draft.addLayer(async (path) => await writeLayer(layer, path, signal));
      return planned.description;
    });
  }

  async #plan(platform: string): Promise<Planned | null> {
    const locked = lockedPlatform(await this.#lock(), platform);
    if (locked === null) return null;
    const { version, layer } = readRuntimeSources(this.#root);
    const isStage = this.#program === 'stage';
    const own = isStage ? [layer, readStageProgram(this.#root)] : [layer];
    const { libraries, node, packages } = locked.parts.layers;
    const blobs = [libraries, node, packages];
    for (const each of own) blobs.push({ ...(await writeLayer(each, null)) });
    const config = imageConfig(
      locked.platform,
      blobs.map(({ digest }) => digest),
      isStage ? STAGE_CONFIG : RUNTIME_CONFIG,
    );
    const description = describeImage('runtime', config, blobs, {
      'org.opencontainers.image.title': isStage ? 'fieldproof-stage' : 'fieldproof-runtime',
      'org.opencontainers.image.version': version,
    });
    return { ...locked, own, description };
  }

  async #lock(): Promise<RuntimeLock> {
    return runtimeLockSchema.parse(JSON.parse(await readFile(join(this.#root, runtimeLockFile), 'utf8')));
  }

  /** Layers that another version of the runtime had too are taken from it; only the others are fetched. */
  async #addParts({ platform, parts }: Planned, draft: ImageDraft, signal?: AbortSignal): Promise<void> {
    const held = new Set<PartLayer>();
    for (const name of PARTS) if (await this.#store.holdsLayer(parts.layers[name])) held.add(name);
    const wanted = PARTS.filter((name) => !held.has(name));
    const fetching = { platform, scratch: draft.scratch, environment: this.#environment, signal };
    const planned = wanted.length === 0 ? null : await planParts(wanted, parts, fetching);
    for (const name of PARTS) {
      const expected = parts.layers[name];
      if (planned === null || held.has(name)) await draft.reuseLayer(expected);
      else expectSame(name, await draft.addLayer(async (path) => await writeLayer(planned[name], path, signal)), expected);
    }
  }
}

function expectSame(name: PartLayer, made: Blob, expected: Blob): void {
  if (made.digest === expected.digest) return;
  throw new CouldNotRun({
    file: runtimeLockFile,
    message: `the layer of its ${name} comes out as ${made.digest}, and ${expected.digest} is locked`,
    remedy: 'take back what was changed in that file, or write it anew: make runtime-lock',
  });
}

function undefinedFor(platform: string): CouldNotRun {
  return new CouldNotRun({
    file: 'the stock runtime',
    message: `there is none for ${platform}`,
    remedy: 'use a chipset of linux/amd64 or linux/arm64, or a model whose image brings its own server',
  });
}

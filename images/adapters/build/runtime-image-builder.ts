import { readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf, digestSchema, type Progress } from '#kernel';
import { z } from 'zod';
import type { BuiltImage } from '../../image.ts';
import type { RuntimeImageBuilder as Port } from '../../image-builder.ts';
import { describeImage, imageConfig } from '../../manifest.ts';
import { planRuntimeLayers, RUNTIME_CONFIG, runtimeManifest, type RuntimeFiles } from '../../runtime-image.ts';
import { addImage } from '../store/add-image.ts';
import type { FileImageStore } from '../store/file-image-store.ts';
import { packageFiles, readPackage, runtimeSources, see, type SeenFile } from './runtime-files.ts';
import { sharedLibraries, unmakeable } from './shared-libraries.ts';

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

export type RuntimeImageOptions = {
  store: FileImageStore;
  /** The folder of Fieldproof itself, with runtime/, kernel/ and node_modules/. */
  sourceRoot?: string;
  /** The node binary that goes in: the one in use. */
  node?: string;
};

const memorySchema = z.object({
  stamp: z.string(),
  libraries: z.array(z.object({ path: z.string(), source: z.string() })),
  digest: digestSchema,
});

type Memory = z.output<typeof memorySchema>;
type Own = { node: SeenFile; packages: SeenFile[]; sources: SeenFile[]; manifest: string; version: string };

/**
 * The stock runtime as an image without a base and without an engine, made of exactly the files that the embedded process
 * runner executes: this node, its libraries, the packages, our sources. The same files give the same digest; while none of
 * them changes, the image is found again by their sizes and times alone.
 */
export class RuntimeImageBuilder implements Port {
  readonly #store: FileImageStore;
  readonly #root: string;
  readonly #node: string;

  constructor({ store, sourceRoot, node = process.execPath }: RuntimeImageOptions) {
    this.#store = store;
    this.#root = sourceRoot ?? dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
    this.#node = node;
  }

  async build(progress: Progress, signal?: AbortSignal): Promise<BuiltImage> {
    const platform = platformHere();
    const own = await this.#gather();
    const known = await this.#recall(own);
    if (known !== undefined) return known;
    progress.step('pack the stock runtime');
    const programs = [own.node, ...own.packages.filter(({ path }) => /\.node$|\.so(\.[\d.]+)?$/.test(path))];
    const libraries = await sharedLibraries(
      programs.map(({ source }) => source),
      this.#root,
    );
    const image = await addImage(
      this.#store,
      planRuntimeLayers({ ...own, libraries } satisfies RuntimeFiles),
      (blobs) => {
        const diffIds = blobs.map((blob) => blob.digest);
        const config = imageConfig(platform, diffIds, RUNTIME_CONFIG);
        return describeImage('runtime', config, blobs, {
          'org.opencontainers.image.title': 'fieldproof-runtime',
          'org.opencontainers.image.version': own.version,
        });
      },
      signal,
    );
    await this.#remember({ stamp: stampOf(own, libraries), libraries, digest: image.digest });
    return image;
  }

  async #gather(): Promise<Own> {
    const { version, imports } = readPackage(this.#root);
    const sources = runtimeSources(this.#root);
    const packages = packageFiles(this.#root, sources);
    const node = see('usr/local/bin/node', await realpath(this.#node));
    return { node, packages, sources, version, manifest: runtimeManifest(version, imports) };
  }

  get #memory(): string {
    return join(this.#store.root, 'runtime-image.json');
  }

  async #recall(own: Own): Promise<BuiltImage | undefined> {
    const memory = await this.#readMemory();
    if (memory === undefined) return undefined;
    try {
      const libraries = memory.libraries.map(({ path, source }) => see(path, source));
      return stampOf(own, libraries) === memory.stamp ? await this.#store.find(memory.digest) : undefined;
    } catch {
      // A library that was there has gone.
      return undefined;
    }
  }

  async #readMemory(): Promise<Memory | undefined> {
    try {
      return memorySchema.parse(JSON.parse(await readFile(this.#memory, 'utf8')));
    } catch {
      // Nothing is remembered yet, or in a form that another version wrote.
      return undefined;
    }
  }

  async #remember({ stamp, libraries, digest }: Memory): Promise<void> {
    const draft = `${this.#memory}.${process.pid}`;
    await writeFile(draft, JSON.stringify({ stamp, digest, libraries: libraries.map(({ path, source }) => ({ path, source })) }));
    await rename(draft, this.#memory);
  }
}

function platformHere(): string {
  const architecture = ARCHITECTURES[process.arch];
  if (process.platform !== 'linux' || architecture === undefined) {
    throw unmakeable(`it is made of the files of a Linux host, and this one is ${process.platform} on ${process.arch}`);
  }
  return `linux/${architecture}`;
}

/** Changes with every file that goes in, and with the way in which they are put together. */
function stampOf({ node, packages, sources, manifest }: Own, libraries: readonly SeenFile[]): string {
  const files = [node, ...packages, ...sources, ...libraries].map(({ stamp }) => stamp);
  return digestOf([JSON.stringify(RUNTIME_CONFIG), manifest, ...files.toSorted()].join('\n'));
}

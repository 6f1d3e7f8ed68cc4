import { link, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { CouldNotRun, inTime, reasonOf, type Digest, type Progress } from '#kernel';
import type Docker from 'dockerode';
import { basesOf, dockerfileProblems, failedInstruction, withBases } from '../../dockerfile.ts';
import type { BuiltImage } from '../../image.ts';
import type { BuildRequest, ImageBuilder } from '../../image-builder.ts';
import type { LayerEntry } from '../../layer.ts';
import { blobPath, describeImage } from '../../manifest.ts';
import { DOCKERFILE, readContext } from './build-context.ts';
import { buildOnEngine, type BuildOutcome } from './engine-build.ts';
import { readPlainText } from './plain-text.ts';
import { takeExport } from './engine-export.ts';
import type { FileImageStore } from '../store/file-image-store.ts';

const LARGEST_DOCKERFILE = 64 * 1024;
const LOG_END = 12;
const FOR_A_BASE =
  'see whether the image is there, and made for that platform; a build is logged in to no registry, so a private one has to be among base-images in the fieldproof.yaml of the base, and named by digest';

export type DockerImageOptions = {
  store: FileImageStore;
  /** How the engine is reached; without it, as `docker` itself would. */
  docker?: Docker.DockerOptions;
  /** Makes the engine know a base image that was brought here, and tells its name there; null where it was not brought. */
  bases?: (digest: Digest, platform: string) => Promise<string | null>;
  mostContextBytes?: number;
  mostImageBytes?: number;
};

/**
 * A folder with a Dockerfile as an image: built by the engine, exported, and written by us, layers and config untouched, so
 * that the manifest's digest is known before any push and the engine's image id is the config's digest.
 */
export class DockerImageBuilder implements ImageBuilder {
  readonly #store: FileImageStore;
  readonly #reached: Docker.DockerOptions | undefined;
  #engine: Promise<Docker> | undefined;
  readonly #bases: NonNullable<DockerImageOptions['bases']>;
  readonly #mostContextBytes: number;
  readonly #mostImageBytes: number;

  constructor({
    store,
    docker,
    bases = async () => null,
    mostContextBytes = 2 * 2 ** 30,
    mostImageBytes = 32 * 2 ** 30,
  }: DockerImageOptions) {
    this.#store = store;
    this.#reached = docker;
    this.#bases = bases;
    this.#mostContextBytes = mostContextBytes;
    this.#mostImageBytes = mostImageBytes;
  }

  async build(request: BuildRequest, progress: Progress): Promise<BuiltImage> {
    const file = join(request.displayPath, DOCKERFILE);
    const dockerfile = await readDockerfile(join(request.folder, DOCKERFILE), file);
    const read = await readContext(request.folder, request.displayPath, this.#mostContextBytes);
    const native = await this.#platformOfEngine();
    const context = await this.#onBases(read, dockerfile, request.platform);
    progress.step(`build ${request.displayPath}`);
    const platform = request.platform === native ? null : request.platform;
    const build = { context, platform, progress, signal: request.signal };
    const engine = await this.#docker();
    let outcome = await buildOnEngine(engine, { ...build, cache: 'used' });
    if (platform !== null && 'image' in outcome && !(await this.#isFor(outcome.image, request.platform))) {
      outcome = await buildOnEngine(engine, { ...build, cache: 'left alone' });
    }
    if ('error' in outcome) throw buildFailed(dockerfile, file, { ...outcome, foreign: platform });
    await this.#checkPlatform(outcome.image, request.platform, file);
    progress.step(`export ${request.displayPath}`);
    return (await this.#reuse(outcome.image, request)) ?? (await this.#export(outcome.image, request));
  }

  /** Its client is loaded for the first folder that needs an engine. */
  async #docker(): Promise<Docker> {
    return await (this.#engine ??= import('dockerode').then(({ default: Engine }) => new Engine(this.#reached)));
  }

  async #platformOfEngine(): Promise<string> {
    try {
      const { Os, Arch } = await (await this.#docker()).version();
      return `${Os}/${Arch}`;
    } catch (error) {
      throw new CouldNotRun(
        {
          file: 'docker',
          message: `no Docker engine answers, and a Dockerfile needs one: ${reasonOf(error)}`,
          remedy: 'start one (or set DOCKER_HOST), or describe the model by a model.yaml, which needs none',
        },
        { cause: error },
      );
    }
  }

  /**
   * The engine is given base images before it builds, and their names for it: while a stranger's steps run, nobody is logged in
   * anywhere.
   */
  async #onBases(context: readonly LayerEntry[], dockerfile: string, platform: string): Promise<readonly LayerEntry[]> {
    const named = new Map<string, string>();
    for (const { written, digest } of basesOf(dockerfile)) {
      const name = digest === null ? null : await this.#bases(digest, platform);
      if (name !== null) named.set(written, name);
    }
    if (named.size === 0) return context;
    const text = withBases(dockerfile, named);
    return context.map((entry) => (entry.path === DOCKERFILE ? { kind: 'text', path: DOCKERFILE, text } : entry));
  }

  async #isFor(image: string, wanted: string): Promise<boolean> {
    const built = await this.#platformOf(image);
    return wanted === built || wanted.startsWith(`${built}/`);
  }

  async #platformOf(image: string): Promise<string> {
    const { Os, Architecture } = await (await this.#docker()).getImage(image).inspect();
    return `${Os}/${Architecture}`;
  }

  async #checkPlatform(image: string, wanted: string, file: string): Promise<void> {
    if (await this.#isFor(image, wanted)) return;
    throw new CouldNotRun({
      file,
      message: `gives an image for ${await this.#platformOf(image)}, and the chipset is ${wanted}`,
      remedy: 'build on an engine of that platform (DOCKER_HOST), from a base image made for it',
    });
  }

  /** An engine that had everything cached names an image that was exported before: its layers are here already. */
  async #reuse(id: string, { annotations }: BuildRequest): Promise<BuiltImage | undefined> {
    for await (const known of this.#store.list()) {
      if (known.kind !== 'container' || known.config.digest !== id) continue;
      const config = await readFile(join(known.layout, blobPath(known.config.digest)), 'utf8');
      const description = describeImage('container', config, known.layers, annotations);
      if (description.digest === known.digest) return known;
      return await this.#store.add(async (draft) => {
        for (const layer of known.layers) {
          await draft.addLayer(async (path) => {
            await link(join(known.layout, blobPath(layer.digest)), path);
            return layer;
          });
        }
        return description;
      });
    }
    return undefined;
  }

  async #export(id: string, { annotations, signal }: BuildRequest): Promise<BuiltImage> {
    const exported = (await (await this.#docker()).getImage(id).get()) as Readable;
    if (signal !== undefined) addAbortSignal(signal, exported);
    return await this.#store.add(async (draft) => {
      const { config, layers } = await takeExport(exported, draft, this.#mostImageBytes);
      return describeImage('container', config, layers, annotations);
    });
  }
}

async function readDockerfile(path: string, file: string): Promise<string> {
  const read = await readPlainText(path, LARGEST_DOCKERFILE);
  if ('flaw' in read) {
    const remedy = 'put a plain file of that name there, of at most 64 KiB';
    throw new CouldNotRun({ file, message: 'is not a Dockerfile', remedy });
  }
  const problems = inTime(file, () => dockerfileProblems(read.text, file));
  if (problems.length > 0) throw new CouldNotRun(problems);
  return read.text;
}

/** @param foreign the platform, where it is not the engine's own: the engine then has to emulate it */
function buildFailed(
  dockerfile: string,
  file: string,
  { log, error, foreign }: BuildOutcome & { error: string; foreign: string | null },
): CouldNotRun {
  const failed = failedInstruction(dockerfile, log, error);
  const end = log.slice(-LOG_END).map((line) => `\n  | ${line}`);
  return new CouldNotRun({
    file,
    ...(failed === undefined ? {} : { line: failed.line }),
    message: `the build${foreign === null ? '' : ` for ${foreign}`} failed${failed?.text ? ` at ${failed.text}` : ''}: ${error}${end.join('')}`,
    remedy: /^FROM\s/i.test(failed?.text ?? '')
      ? FOR_A_BASE
      : foreign === null
        ? 'mend this instruction; docker build on the same folder fails in the same way'
        : `start from a base image that is made for ${foreign}, and let the engine emulate it where an instruction runs something (docker run --privileged --rm tonistiigi/binfmt --install all), or build on an engine of that platform (DOCKER_HOST)`,
  });
}

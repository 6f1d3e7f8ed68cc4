import { CouldNotRun, type Digest, type Progress, onlyStage, releaseOf, type Release } from '#kernel';
import type { ImageOnDisk, RuntimeImage, Servable } from '#runners';
import { imageOn, imagesOf, type BuiltImage, type DescribedImage } from '#images';
import type { Config, ModelConfig } from '#config';
import type { ModelRepository } from '#git';
import type { ImagePorts } from './image-ports.ts';
import { platformsOf, type Served } from './platforms.ts';

/** A release with its bytes at hand. */
export type ResolvedRelease = Served & {
  image: BuiltImage;
  servable: Servable;
  variants: readonly string[];
  commit: string | null;
};

/** How far back a deployed release is looked for by building what the history held. */
const HISTORY = 50;

export type ReleaseSource = Building & { repository: ModelRepository };

/** What a release is built from: a commit, or the files as they lie there. */
type Building = {
  repository: Pick<ModelRepository, 'treeOf' | 'extract'>;
  images: ImagePorts;
  config: Config;
  model: ModelConfig;
  /** A registry is asked, with our rights, for the images of policy's models alone: never for what a pull request names. */
  writtenBy: 'policy' | 'head';
  progress: Progress;
};

/** Builds what a commit holds. */
export async function buildRelease(source: Building, commit: string): Promise<ResolvedRelease> {
  const image = await buildAt(source, commit);
  return asRelease(source, image, commit);
}

/**
 * Finds the bytes of a release that is deployed: on this machine, else by building what the history held (a model image
 * is the same wherever it is built), else in its registry; for a model that a pull request brings, in the history alone.
 */
export async function findRelease(source: ReleaseSource, release: Release, from: string): Promise<ResolvedRelease> {
  const isPolicy = source.writtenBy === 'policy';
  const { model } = onlyStage(release);
  const kept = isPolicy ? await source.images.store.find(model) : undefined;
  if (kept !== undefined) return asRelease(source, kept, null);
  for (const commit of await source.repository.history(from, source.model.build, HISTORY)) {
    const image = await buildAt(source, commit).catch(() => undefined);
    // Also what was deployed when the fleet had one platform is among the images of all.
    const found = image === undefined ? undefined : imagesOf(image).find(({ digest }) => digest === model);
    if (found !== undefined) return asRelease(source, found, commit);
  }
  if (!isPolicy) throw unknownToHistory(source, model);
  try {
    return await asRelease(source, await source.images.registry.pull(`${source.model.image}@${model}`), null);
  } catch (cause) {
    throw new CouldNotRun(
      {
        file: source.config.deploy?.repository ?? 'fieldproof.yaml',
        message: `the deployed release ${model} of ${source.model.name} is neither on this machine, nor built from the last ${HISTORY} changes of ${source.model.build}, nor in ${source.model.image}`,
        remedy: 'push it to the registry, or fetch the full history of the repository',
      },
      { cause },
    );
  }
}

function unknownToHistory({ model }: ReleaseSource, digest: Digest): CouldNotRun {
  return new CouldNotRun({
    file: 'fieldproof.yaml',
    field: `models.${model.name}`,
    message: `the release ${digest} is not built from the last ${HISTORY} changes of ${model.build}, and no registry is asked for what a pull request names`,
    remedy: 'leave out the anchor; once the model is merged, its image is looked for in the registry too',
  });
}

async function buildAt({ repository, images, config, model, progress }: Building, commit: string): Promise<BuiltImage> {
  const tree = (await repository.treeOf(commit, model.build)) ?? '';
  const extract = () => repository.extract(commit, model.build);
  const annotations = { 'org.opencontainers.image.title': model.name };
  const source = { model: model.name, tree, extract, displayPath: model.build, platforms: platformsOf(config), annotations };
  return await images.build(source, progress);
}

async function asRelease(source: Building, image: BuiltImage, commit: string | null): Promise<ResolvedRelease> {
  const { images, config, model } = source;
  const variants = await images.variants(image);
  if (image.kind === 'container') {
    const release = releaseOf({ model: image.digest, runtime: null });
    const servable: Servable = {
      kind: 'container',
      release,
      imageFor: (platform) => onDisk(imageOn(image, platform)),
      ...(model.serves !== null && { serves: model.serves }),
    };
    return { release, image, runtimes: new Map(), variants, commit, servable };
  }
  const { runtimes, runtimeImage } = await runtimesOf(source);
  const runtime = runtimes.get(platformsOf(config)[0])?.digest;
  if (runtime === undefined || image.folder === null) throw noRuntime(model, platformsOf(config)[0]);
  const release = releaseOf({ model: image.digest, runtime });
  return { release, image, runtimes, variants, commit, servable: { kind: 'model', release, folder: image.folder, runtimeImage } };
}

type Runtimes = { runtimes: ReadonlyMap<string, DescribedImage>; runtimeImage: RuntimeImage };

/** The runtime of every platform: this installation's, unless the configuration names another one. */
async function runtimesOf(source: Building): Promise<Runtimes> {
  const { images, config, model, progress } = source;
  const runtimes = new Map<string, DescribedImage>();
  for (const platform of platformsOf(config)) {
    const described = await images.runtime.describe(platform);
    if (described !== null) runtimes.set(platform, described);
  }
  const named = model.runtime.digest;
  if (named !== null && ![...runtimes.values()].some(({ digest }) => digest === named)) return await namedRuntime(source, named);
  const load = async (platform: string) => onDisk(await images.runtime.build(platform, progress));
  return { runtimes, runtimeImage: { from: 'installation', load } };
}

/** An image that policy chose by digest is fetched, for it is run itself; it serves the platforms that it is made for. */
async function namedRuntime({ images, config, model, writtenBy }: Building, digest: Digest): Promise<Runtimes> {
  if (writtenBy === 'head') throw foreignRuntime(model, digest);
  const image = (await images.store.find(digest)) ?? (await images.registry.pull(`${model.runtime.image}@${digest}`));
  const runtimes = new Map(platformsOf(config).map((platform) => [platform, imageOn(image, platform)] as const));
  for (const [platform, one] of runtimes) if (one.platform !== platform) runtimes.delete(platform);
  const load = async (platform: string) => {
    const one = runtimes.get(platform);
    if (one !== undefined) return onDisk(one);
    throw noRuntime(model, platform);
  };
  return { runtimes, runtimeImage: { from: 'configuration', load } };
}

function foreignRuntime({ name }: ModelConfig, digest: Digest): CouldNotRun {
  return new CouldNotRun({
    file: 'fieldproof.yaml',
    field: `models.${name}.runtime.digest`,
    message: `${digest} is not the runtime of this installation, and no registry is asked for what a pull request names`,
    remedy: 'leave the digest out; once the model is merged, another pull request may choose a runtime',
  });
}

function onDisk({ layout, digest, config }: BuiltImage): ImageOnDisk {
  return { layout, manifest: digest, config: config.digest };
}

function noRuntime({ name, runtime }: ModelConfig, platform: string): CouldNotRun {
  const own = runtime.digest === null;
  return new CouldNotRun({
    file: 'fieldproof.yaml',
    field: own ? 'chipsets' : `models.${name}.runtime.digest`,
    message: own ? `there is no stock runtime for ${platform}` : `${runtime.digest} is no runtime for ${platform}`,
    remedy: own
      ? 'use chipsets of linux/amd64 or linux/arm64, or an image of a model that brings its own server'
      : "leave the digest out: each platform is then served by this installation's own runtime",
  });
}

import { CouldNotRun, type Digest, type Progress, onlyStage, releaseOf, type Release } from '#kernel';
import type { Servable } from '#runners';
import type { BuiltImage } from '#images';
import type { Config, ModelConfig } from '#config';
import type { ModelRepository } from '#git';
import type { ImagePorts } from './image-ports.ts';

/** A release with its bytes at hand. */
export type ResolvedRelease = {
  release: Release;
  image: BuiltImage;
  servable: Servable;
  /** The stock runtime that serves it; null where the image brings its own, or the named one is not this installation's. */
  runtime: BuiltImage | null;
  variants: readonly string[];
  commit: string | null;
};

/** How far back a deployed release is looked for by building what the history held. */
const HISTORY = 50;

export type ReleaseSource = {
  repository: ModelRepository;
  images: ImagePorts;
  config: Config;
  model: ModelConfig;
  /** A registry is asked, with our rights, for the images of policy's models alone: never for what a pull request names. */
  writtenBy: 'policy' | 'head';
  progress: Progress;
};

/** Builds what a commit holds. */
export async function buildRelease(source: ReleaseSource, commit: string): Promise<ResolvedRelease> {
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
    if (image?.digest === model) return asRelease(source, image, commit);
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

async function buildAt({ repository, images, config, model, progress }: ReleaseSource, commit: string): Promise<BuiltImage> {
  const tree = (await repository.treeOf(commit, model.build)) ?? '';
  const extract = () => repository.extract(commit, model.build);
  const platform = config.chipsets[0]?.platform ?? 'linux/amd64';
  const annotations = { 'org.opencontainers.image.title': model.name };
  const source = { model: model.name, tree, extract, displayPath: model.build, platform, annotations };
  return await images.build(source, progress);
}

async function asRelease({ images, model }: ReleaseSource, image: BuiltImage, commit: string | null): Promise<ResolvedRelease> {
  const onDisk = (built: BuiltImage) => ({ layout: built.layout, manifest: built.digest, config: built.config.digest });
  const variants = await images.variants(image);
  if (image.kind === 'container') {
    const release = releaseOf({ model: image.digest, runtime: null });
    return { release, image, runtime: null, variants, commit, servable: { kind: 'container', release, image: onDisk(image) } };
  }
  const runtime = await images.runtime();
  const digest = model.runtime.digest ?? runtime?.digest;
  if (digest === undefined || image.folder === null) throw noRuntime(model);
  const release = releaseOf({ model: image.digest, runtime: digest });
  const runtimeImage = runtime === null ? null : onDisk(runtime);
  const served = runtime?.digest === digest ? runtime : null;
  return {
    release,
    image,
    runtime: served,
    variants,
    commit,
    servable: { kind: 'model', release, folder: image.folder, runtimeImage },
  };
}

function noRuntime(model: ModelConfig): CouldNotRun {
  return new CouldNotRun({
    file: 'fieldproof.yaml',
    field: `models.${model.name}.runtime`,
    message: 'the stock runtime image cannot be made on this host, and none is named',
    remedy: `name a published one: models.${model.name}.runtime: { image: ..., digest: sha256:... }`,
  });
}

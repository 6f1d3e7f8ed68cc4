import { constants, open } from 'node:fs/promises';
import { join } from 'node:path';
import { buildOnPlatforms, folderImageBuilder, receiveImage, type FileImageStore } from '#images/adapters';
import { imageOn, type ImageBuilder, type RuntimeImageBuilder } from '#images';
import { CouldNotRun, reasonOf, type Digest } from '#kernel';
import type { BuildSource, BuildTimes, ImagePorts } from '#pipelines/releases';
import { imageBundleFile, imageBundleSchema, parseExchanged, type ImageBundle } from '../parts/image-bundle.ts';

const MOST_BYTES = 64 * 1024 * 1024;

/** @throws CouldNotRun when it is not there or not what `fieldproof images` writes */
export async function readImageBundle(folder: string): Promise<ImageBundle> {
  const name = join(folder, imageBundleFile);
  const remedy = 'give the folder that `fieldproof images --out` wrote';
  const file = await open(name, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') throw notMade(folder);
    throw new CouldNotRun({ file: name, message: `cannot be opened: ${reasonOf(cause)}`, remedy });
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile() || stats.size > MOST_BYTES) {
      throw new CouldNotRun({ file: name, message: `is no plain file of at most ${MOST_BYTES} bytes`, remedy });
    }
    return parseExchanged(imageBundleSchema, await file.readFile('utf8'), name);
  } finally {
    await file.close();
  }
}

function notMade(folder: string): CouldNotRun {
  return new CouldNotRun({
    file: imageBundleFile,
    message: `is not in ${folder}: the images of this check were not made, or not brought here`,
    remedy: 'look at the log of `fieldproof images`, and run that again; or give the folder that its --out named',
  });
}

type Received = { bundle: ImageBundle; folder: string; store: FileImageStore };

/**
 * For a machine that measures: it builds nothing, and runs only bytes that their digest vouches for.
 * @param runtime this installation's, which must be the one that the others have
 */
export function receivedImages(
  received: Received,
  runtime: RuntimeImageBuilder,
): Pick<ImagePorts, 'build' | 'builtAt' | 'store' | 'runtime'> {
  const { bundle, folder, store } = received;
  return {
    build: async (source) => await receiveImage(digestFor(source, bundle), folder, store),
    builtAt: (source) => timesOf(source, bundle),
    store: storeOf(received),
    runtime: bundledRuntime(received, runtime, async (platform) => {
      throw notBundled(platform);
    }),
  };
}

/**
 * For whoever judges: what needs no program of a stranger's to be built is built again and must come out the same; a
 * container is taken as it came, for building it would be running it.
 * @param model builds model images, which is no more than packing files
 * @param runtime the stock runtime of this installation
 */
export function reviewedImages(
  received: Received,
  model: ImageBuilder,
  runtime: RuntimeImageBuilder,
): Pick<ImagePorts, 'build' | 'builtAt' | 'store' | 'runtime'> {
  const { bundle, folder, store } = received;
  return {
    build: async (source, progress) => {
      const { extract, model: name, tree, platforms, ...request } = source;
      const taken: ImageBuilder = {
        build: async ({ platform }) => imageOn(await receiveImage(digestFor(source, bundle), folder, store), platform),
      };
      const builder = folderImageBuilder({ container: taken, model });
      const image = await buildOnPlatforms(platforms, { ...request, folder: await extract() }, progress, { builder, store });
      const told = bundle.built.find((entry) => entry.model === name && entry.tree === tree);
      if (told !== undefined && told.digest !== image.digest) throw forged(`${name} at ${tree}`, told.digest, image.digest);
      return image;
    },
    builtAt: (source) => timesOf(source, bundle),
    store: storeOf(received),
    runtime: bundledRuntime(received, runtime, runtime.build.bind(runtime)),
  };
}

/** Described here, where its sources lie, and held against what the others have; its bytes are those that came, where any did. */
function bundledRuntime(
  { bundle, folder, store }: Received,
  own: RuntimeImageBuilder,
  otherwise: RuntimeImageBuilder['build'],
): RuntimeImageBuilder {
  const describe: RuntimeImageBuilder['describe'] = async (platform) => {
    const described = await own.describe(platform);
    const told = bundle.runtimes[platform];
    if (told !== undefined && described?.digest !== told) throw otherRuntime(told, described?.digest ?? 'none');
    return described;
  };
  return {
    describe,
    build: async (platform, ...more) => {
      const digest = (await describe(platform))?.digest;
      const sent = bundle.images.find((image) => image === digest);
      return sent === undefined ? await otherwise(platform, ...more) : await receiveImage(sent, folder, store);
    },
  };
}

function storeOf({ bundle, folder, store }: Received): ImagePorts['store'] {
  return {
    find: async (digest) => {
      const sent = bundle.images.find((image) => image === digest);
      return sent === undefined ? await store.find(digest) : await receiveImage(sent, folder, store);
    },
  };
}

function digestFor({ model, tree, displayPath }: BuildSource, { built }: ImageBundle): Digest {
  const found = built.find((entry) => entry.model === model && entry.tree === tree);
  if (found !== undefined) return found.digest;
  throw new CouldNotRun({
    file: displayPath,
    message: `no image of ${model} at tree ${tree} was handed over, and none is built`,
    remedy: 'make the images of this very check: fieldproof images --base <base> --head <head> --out <dir>',
  });
}

/** By the clock of the machine that built it. It moves a clock, and decides nothing. */
function timesOf({ model, tree }: Pick<BuildSource, 'model' | 'tree'>, { built }: ImageBundle): BuildTimes | null {
  return built.find((entry) => entry.model === model && entry.tree === tree && entry.times !== undefined)?.times ?? null;
}

function forged(what: string, told: Digest, own: Digest): CouldNotRun {
  return new CouldNotRun({
    file: imageBundleFile,
    message: `it says that ${what} is ${told}, and what lies there makes ${own}`,
    remedy: 'the images are not those of this change: see what ran on the machine that wrote them',
  });
}

function otherRuntime(told: Digest, own: Digest | 'none'): CouldNotRun {
  return new CouldNotRun({
    file: imageBundleFile,
    message: `the check is about the runtime ${told}, and that of this installation is ${own}`,
    remedy: 'give all jobs of a check the same version of Fieldproof',
  });
}

function notBundled(platform: string): CouldNotRun {
  return new CouldNotRun({
    file: imageBundleFile,
    message: `the image of the runtime for ${platform} was not handed over, and none is made`,
    remedy: 'give `fieldproof images` the --runner that this job has',
  });
}

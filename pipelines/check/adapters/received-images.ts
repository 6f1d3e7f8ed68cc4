import { constants, open } from 'node:fs/promises';
import { join } from 'node:path';
import { folderImageBuilder, receiveImage, type FileImageStore } from '#images/adapters';
import type { ImageBuilder, RuntimeImageBuilder } from '#images';
import { CouldNotRun, reasonOf, type Digest } from '#kernel';
import { carriedFile, carriedSchema, parseCarried, type Carried } from '../parts/image-bundle.ts';
import type { BuildSource, ImagePorts } from '../ports.ts';

const MOST_BYTES = 64 * 1024 * 1024;

/** @throws CouldNotRun when it is not there or not what `fieldproof images` writes */
export async function readCarried(folder: string): Promise<Carried> {
  const name = join(folder, carriedFile);
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
    return parseCarried(carriedSchema, await file.readFile('utf8'), name);
  } finally {
    await file.close();
  }
}

function notMade(folder: string): CouldNotRun {
  return new CouldNotRun({
    file: carriedFile,
    message: `is not in ${folder}: the images of this check were not made, or not brought here`,
    remedy: 'look at the log of `fieldproof images`, and run that again; or give the folder that its --out named',
  });
}

type Received = { carried: Carried; folder: string; store: FileImageStore };

/**
 * For a machine that measures: it builds nothing, and runs only bytes that their digest vouches for.
 * @param runtime this installation's, which must be the one that the others have
 */
export function receivedImages(
  received: Received,
  runtime: RuntimeImageBuilder,
): Pick<ImagePorts, 'build' | 'store' | 'runtime'> {
  const { carried, folder, store } = received;
  return {
    build: async (source) => await receiveImage(digestFor(source, carried), folder, store),
    store: storeOf(received),
    runtime: carriedRuntime(received, runtime, async (platform) => {
      throw notCarried(platform);
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
): Pick<ImagePorts, 'build' | 'store' | 'runtime'> {
  const { carried, folder, store } = received;
  return {
    build: async (source, progress) => {
      const { extract, model: name, tree, ...request } = source;
      const taken: ImageBuilder = { build: async () => await receiveImage(digestFor(source, carried), folder, store) };
      const image = await folderImageBuilder({ container: taken, model }).build(
        { ...request, folder: await extract() },
        progress,
      );
      const told = carried.built.find((entry) => entry.model === name && entry.tree === tree);
      if (told !== undefined && told.digest !== image.digest) throw forged(`${name} at ${tree}`, told.digest, image.digest);
      return image;
    },
    store: storeOf(received),
    runtime: carriedRuntime(received, runtime, runtime.build.bind(runtime)),
  };
}

/** Described here, where its sources lie, and held against what the others have; its bytes are those that came, where any did. */
function carriedRuntime(
  { carried, folder, store }: Received,
  own: RuntimeImageBuilder,
  otherwise: RuntimeImageBuilder['build'],
): RuntimeImageBuilder {
  const describe: RuntimeImageBuilder['describe'] = async (platform) => {
    const described = await own.describe(platform);
    const told = carried.runtimes[platform];
    if (told !== undefined && described?.digest !== told) throw otherRuntime(told, described?.digest ?? 'none');
    return described;
  };
  return {
    describe,
    build: async (platform, ...more) => {
      const digest = (await describe(platform))?.digest;
      const sent = carried.images.find((image) => image === digest);
      return sent === undefined ? await otherwise(platform, ...more) : await receiveImage(sent, folder, store);
    },
  };
}

function storeOf({ carried, folder, store }: Received): ImagePorts['store'] {
  return {
    find: async (digest) => {
      const sent = carried.images.find((image) => image === digest);
      return sent === undefined ? await store.find(digest) : await receiveImage(sent, folder, store);
    },
  };
}

function digestFor({ model, tree, displayPath }: BuildSource, { built }: Carried): Digest {
  const found = built.find((entry) => entry.model === model && entry.tree === tree);
  if (found !== undefined) return found.digest;
  throw new CouldNotRun({
    file: displayPath,
    message: `no image of ${model} at tree ${tree} was carried here, and none is built`,
    remedy: 'make the images of this very check: fieldproof images --base <base> --head <head> --out <dir>',
  });
}

function forged(what: string, told: Digest, own: Digest): CouldNotRun {
  return new CouldNotRun({
    file: carriedFile,
    message: `it says that ${what} is ${told}, and what lies there makes ${own}`,
    remedy: 'the images are not those of this change: see what ran on the machine that wrote them',
  });
}

function otherRuntime(told: Digest, own: Digest | 'none'): CouldNotRun {
  return new CouldNotRun({
    file: carriedFile,
    message: `the check is about the runtime ${told}, and that of this installation is ${own}`,
    remedy: 'give all jobs of a check the same version of Fieldproof',
  });
}

function notCarried(platform: string): CouldNotRun {
  return new CouldNotRun({
    file: carriedFile,
    message: `the image of the runtime for ${platform} was not carried here, and none is made`,
    remedy: 'give `fieldproof images` the --runner that this job has',
  });
}

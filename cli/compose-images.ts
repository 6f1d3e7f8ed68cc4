import { join } from 'node:path';
import type { BuiltImage, RuntimeImageBuilder } from '#images';
import {
  DockerImageBuilder,
  FileImageStore,
  ModelImageBuilder,
  OciRegistry,
  PictureClipImageBuilder,
  StockRuntimeBuilder,
  buildOnPlatforms,
  dockerCredentials,
  folderImageBuilder,
  readVariants,
  receiveBase,
  receiveCarried,
} from '#images/adapters';
import { type Digest, hexOf, isDigest, systemClock } from '#kernel';
import type { ImagePorts } from '#pipelines/releases';
import { nameInEngine } from '#runners/adapters';
import { baseFolder, cacheFolder } from './compose-tree.ts';
import { terminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

export function composeImages({ env }: Terminal): ImagePorts {
  const store = imageStore(env);
  const carried = async (digest: string) =>
    isDigest(digest) ? await receiveCarried(digest, { folder: baseFolder(env), store }) : undefined;
  const builder = folderImageBuilder({
    container: new DockerImageBuilder({ store, bases: basesOf(env, store) }),
    model: new ModelImageBuilder({ store }),
  });
  return {
    build: async ({ extract, platforms, ...request }, of) =>
      await buildOnPlatforms(platforms, { ...request, folder: await extract() }, of, { builder, store }),
    clips: new PictureClipImageBuilder({ store }),
    store: { find: async (digest) => (await store.find(digest)) ?? (await carried(digest)) },
    registry: new OciRegistry({ store, credentials: dockerCredentials(env) }),
    runtime: new StockRuntimeBuilder({ store, environment: env }),
    variants: readVariants,
  };
}

/** Base images that `fieldproof fetch` brought, under names that an engine has for them. */
function basesOf(env: Terminal['env'], store: FileImageStore): (digest: Digest, platform: string) => Promise<string | null> {
  return async (digest, platform) => {
    const image = await receiveBase(digest, platform, { folder: baseFolder(env), store });
    if (image === null) return null;
    const name = `fieldproof-base:${hexOf(image.digest)}`;
    await nameInEngine({ layout: image.layout, manifest: image.digest, config: image.config.digest }, name);
    return name;
  };
}

export function imageStore(env: Terminal['env']): FileImageStore {
  return new FileImageStore(join(cacheFolder(env), 'images'));
}

export function composeRuntime({ env, err, colour }: Terminal): RuntimeImageBuilder & {
  build: (platform: string) => Promise<BuiltImage>;
  load: (image: BuiltImage, name: string) => Promise<void>;
} {
  const builder = new StockRuntimeBuilder({ store: imageStore(env), environment: env });
  return {
    describe: async (platform) => await builder.describe(platform),
    build: async (platform) => {
      const progress = terminalProgress(err, systemClock, colour);
      return await builder.build(platform, progress).finally(() => progress.close());
    },
    load: ({ layout, digest, config }, name) => nameInEngine({ layout, manifest: digest, config: config.digest }, name),
  };
}

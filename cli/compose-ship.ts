import { kubernetesWatcher } from '#gitops/adapters';
import type { RuntimeImageBuilder } from '#images';
import { buildOnPlatforms, StockRuntimeBuilder } from '#images/adapters';
import { CouldNotRun, type Progress } from '#kernel';
import type { ShipPorts, StageImages } from '#pipelines/deploy';
import type { ImagePorts } from '#pipelines/releases';
import { composeFleet } from './compose-fleet.ts';
import { composeImages, imageStore } from './compose-images.ts';
import type { TerminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

type Options = { repo: string; ref: string; signingKey?: string };

/** Ports of shipping a graph: those of a deploy, and what builds and pushes images. */
export async function composeShip(options: Options, terminal: Terminal): Promise<ShipPorts & { progress: TerminalProgress }> {
  const { config: _, ...ports } = await composeFleet(options, terminal);
  const building = composeImages(terminal);
  const stages = stageImages(terminal, building, ports.progress);
  return { ...ports, watcher: kubernetesWatcher(terminal.env), building, stageImages: stages };
}

/** One image runs every stage of ours: of one platform as it is, of several under one index. */
function stageImages({ env }: Terminal, { registry }: ImagePorts, progress: Progress): StageImages {
  const store = imageStore(env);
  const builder: RuntimeImageBuilder = new StockRuntimeBuilder({ store, environment: env, program: 'stage' });
  const build = async (platforms: readonly string[]) => {
    const onPlatform = { build: async ({ platform }: { platform: string }) => await builder.build(platform, progress) };
    const request = { folder: '', displayPath: 'the image of stages', annotations: {} };
    return await buildOnPlatforms(platforms, request, progress, { builder: onPlatform, store });
  };
  return {
    pin: async (platforms) => {
      const [only, ...others] = platforms;
      // Of one platform its digest is known before a byte of it is fetched; an index is made of what is there.
      if (only === undefined || others.length > 0) return (await build(platforms)).digest;
      const described = await builder.describe(only);
      if (described === null) throw noImage(only);
      return described.digest;
    },
    publish: async (name, platforms) => await registry.push(await build(platforms), name),
  };
}

function noImage(platform: string): CouldNotRun {
  return new CouldNotRun({
    file: 'fieldproof.yaml',
    field: 'chipsets',
    message: `there is no image for ${platform} that runs stages`,
    remedy: 'ship the graph to sites of linux/amd64 or linux/arm64',
  });
}

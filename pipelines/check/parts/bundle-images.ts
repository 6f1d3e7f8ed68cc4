import type { Digest } from '#kernel';
import type { Config } from '#config';
import type { BuiltImage } from '#images';
import type { ImageBundle } from './image-bundle.ts';
import type { CheckRequest } from '../check-context.ts';
import { gatherCheck } from '../plan/gather-check.ts';
import { planModelChange } from '../plan/plan-model-change.ts';
import type { CheckPorts } from '../ports.ts';
import { platformsOf, type ResolvedRelease } from '#pipelines/releases';
import { readDeployedState } from '../plan/read-deployed-state.ts';
import type { DeployedState } from '../plan/deployed-state.ts';

/**
 * Builds or finds every image that the parts of a check run, so that the machines which measure need not: they receive by
 * digest. Null where the base says nothing of how to judge.
 */
export async function bundleImages(
  request: CheckRequest,
  ports: CheckPorts,
  send: (image: BuiltImage) => Promise<void>,
): Promise<ImageBundle | null> {
  const gathered = await gatherCheck(request, ports, 'read');
  if (gathered.kind === 'unjudged') return null;
  const { context } = gathered;
  const built: ImageBundle['built'] = [];
  const images = new Map<Digest, BuiltImage>();
  const deployed: DeployedState[] = [];
  try {
    for (const modelChange of context.change.models) {
      const { name, build } = modelChange.model;
      deployed.push(await readDeployedState(context, modelChange.model));
      const planned = await planModelChange(modelChange, context);
      for (const release of [planned.candidate, ...planned.references.map(({ resolved }) => resolved)]) {
        const runtimes = await runtimeImages(release, context.change.config, ports);
        for (const image of [release.image, ...runtimes]) images.set(image.digest, image);
        const tree = release.commit === null ? null : await ports.repository.treeOf(release.commit, build);
        const times = release === planned.candidate && planned.built !== null ? { times: planned.built } : {};
        if (tree !== null) built.push({ model: name, tree, digest: release.image.digest, ...times });
      }
    }
    for (const image of images.values()) await send(image);
  } finally {
    await ports.repository.discard();
  }
  const { base, head } = context.change;
  const runtimes = await runtimesFor(platformsOf(context.change.config), ports);
  return { version: 2, base, head, runtimes, built, images: [...images.keys()], deployed };
}

/** Only where images of it are run: a machine that runs the runtime as a process has it already. */
async function runtimeImages(
  { runtimes }: ResolvedRelease,
  { chipsets }: Config,
  { runner, images, progress }: CheckPorts,
): Promise<BuiltImage[]> {
  const needed: BuiltImage[] = [];
  for (const [platform, { digest }] of runtimes) {
    const asked = await Promise.all(
      chipsets.map(async (chipset) => chipset.platform === platform && (await runner.runsImage(chipset))),
    );
    if (asked.includes(true)) needed.push((await images.store.find(digest)) ?? (await images.runtime.build(platform, progress)));
  }
  return needed;
}

async function runtimesFor(platforms: readonly string[], { images }: CheckPorts): Promise<ImageBundle['runtimes']> {
  const runtimes: ImageBundle['runtimes'] = {};
  for (const platform of platforms) {
    const described = await images.runtime.describe(platform);
    if (described !== null) runtimes[platform] = described.digest;
  }
  return runtimes;
}

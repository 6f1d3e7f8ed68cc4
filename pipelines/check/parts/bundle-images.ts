import type { Digest } from '#kernel';
import type { BuiltImage } from '#images';
import type { ImageBundle } from './image-bundle.ts';
import type { CheckRequest } from '../check-context.ts';
import { gatherCheck } from '../plan/gather-check.ts';
import { planModelChange } from '../plan/plan-model-change.ts';
import type { CheckPorts } from '../ports.ts';
import type { ResolvedRelease } from '#pipelines/releases';
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
  let runtime: Digest | null = null;
  try {
    for (const modelChange of context.change.models) {
      const { name, build } = modelChange.model;
      deployed.push(await readDeployedState(context, modelChange.model));
      const planned = await planModelChange(modelChange, context);
      for (const release of [planned.candidate, ...planned.references.map(({ resolved }) => resolved)]) {
        for (const image of imagesOf(release)) images.set(image.digest, image);
        runtime = release.runtime?.digest ?? runtime;
        const tree = release.commit === null ? null : await ports.repository.treeOf(release.commit, build);
        if (tree !== null) built.push({ model: name, tree, digest: release.image.digest });
      }
    }
    for (const image of images.values()) await send(image);
  } finally {
    await ports.repository.discard();
  }
  const { base, head } = context.change;
  return { version: 2, base, head, runtime, built, images: [...images.keys()], deployed };
}

function imagesOf({ image, runtime }: ResolvedRelease): BuiltImage[] {
  return runtime === null ? [image] : [image, runtime];
}

import type { KeptFleet } from '#gitops';
import type { DeployConfig } from './config.ts';

/** Where a fleet repository that people keep says what of a model runs; null where Fieldproof writes the manifests. */
export function keptFleet({ layout, sites, images }: DeployConfig, model: string): KeptFleet | null {
  const named = Object.hasOwn(images, model) ? images[model] : undefined;
  return layout === null || named === undefined ? null : { files: layout, sites, images: named };
}

import type { KeptFleet } from '#gitops';
import type { DeployConfig, ModelConfig } from './config.ts';

/** Where a fleet repository that people keep says what runs; null where Fieldproof writes the manifests. */
export function keptFleet({ layout, sites }: DeployConfig, { image, runtime }: ModelConfig): KeptFleet | null {
  return layout === null ? null : { files: layout, sites, images: { model: image, runtime: runtime.image } };
}

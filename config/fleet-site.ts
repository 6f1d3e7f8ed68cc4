import type { Site } from '#gitops';
import type { ChipsetConfig, DeployConfig } from './config.ts';

/** A site as manifests have it; undefined for a chipset that there is not. */
export function fleetSite(
  { name, chipset: chipsetName, link }: DeployConfig['sites'][number],
  { watch: { timeout } }: Pick<DeployConfig, 'watch'>,
  chipsets: readonly ChipsetConfig[],
): Site | undefined {
  const chipset = chipsets.find((entry) => entry.name === chipsetName);
  if (chipset === undefined) return undefined;
  const { platform, limits, placement } = chipset;
  const placed = { name: chipset.name, platform, cpus: limits.cpus, memoryBytes: limits.memoryBytes };
  return { name, chipset: placement === null ? placed : { ...placed, placement }, link, timeout };
}

import type { ChipsetConfig } from '#config';

/** A chipset as the machine that is it reaches it: directly. */
export function asLocal(chipset: ChipsetConfig): ChipsetConfig {
  return chipset.at.kind === 'runner' ? { ...chipset, at: { kind: 'local' } } : chipset;
}

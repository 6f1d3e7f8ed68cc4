import type { ChipsetKey } from './chipset.ts';

/** Remembers what each chipset was when it was first measured, so that a host that changed under its name is seen. */
export interface ChipsetRegistry {
  /** The enrolled key; undefined when the chipset was never enrolled. */
  find(name: string): Promise<ChipsetKey | undefined>;
  enrol(name: string, key: ChipsetKey): Promise<void>;
}

/** Whether milliseconds taken under both keys may be compared. The order of the flags says nothing. */
export function sameKey(a: ChipsetKey, b: ChipsetKey): boolean {
  return (
    a.cpuModel === b.cpuModel &&
    a.cores === b.cores &&
    a.governor === b.governor &&
    a.provider === b.provider &&
    a.threads === b.threads &&
    a.cpuFlags.toSorted().join(' ') === b.cpuFlags.toSorted().join(' ')
  );
}

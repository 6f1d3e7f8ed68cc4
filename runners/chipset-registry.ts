import { parseYaml } from '#kernel';
import { z } from 'zod';
import type { ChipsetKey } from './chipset.ts';

/** Remembers what each chipset was when it was first measured, so that a host that changed under its name is seen. */
export interface ChipsetRegistry {
  /** The enrolled key; undefined when the chipset was never enrolled. */
  find(name: string): Promise<ChipsetKey | undefined>;
  enrol(name: string, key: ChipsetKey): Promise<void>;
}

const keySchema = z.strictObject({
  cpuModel: z.string(),
  cpuFlags: z.array(z.string()),
  cores: z.number().int().positive(),
  governor: z.string().nullable(),
  provider: z.string(),
  threads: z.number().positive(),
  emulator: z.string().optional(),
});

/**
 * Reads the file of enrolled keys, by the name of their chipset.
 * @param file the name to show in messages
 * @throws CouldNotRun with the line of each problem
 */
export function parseChipsetKeys(text: string, file: string): Readonly<Record<string, ChipsetKey>> {
  // JSON is YAML: read as such, a slip of the hand is shown with its line.
  return parseYaml(text, file, z.record(z.string(), keySchema)).value;
}

/** Whether milliseconds taken under both keys may be compared. The order of the flags says nothing. */
export function sameKey(a: ChipsetKey, b: ChipsetKey): boolean {
  return (
    a.cpuModel === b.cpuModel &&
    a.cores === b.cores &&
    a.governor === b.governor &&
    a.provider === b.provider &&
    a.threads === b.threads &&
    a.emulator === b.emulator &&
    a.cpuFlags.toSorted().join(' ') === b.cpuFlags.toSorted().join(' ')
  );
}

/** What of a key moves scores: which kernels run, on what. Cores, threads and governor only move milliseconds. */
export function accuracyKey({ cpuModel, cpuFlags, provider, emulator }: ChipsetKey): AccuracyKey {
  return { cpuModel, cpuFlags: cpuFlags.toSorted(), provider: emulator === undefined ? provider : `${provider}, ${emulator}` };
}

type AccuracyKey = Pick<ChipsetKey, 'cpuModel' | 'cpuFlags' | 'provider'>;

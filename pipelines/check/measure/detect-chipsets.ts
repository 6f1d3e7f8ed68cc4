import { CouldNotRun } from '#kernel';
import type { ModelRunner } from '#runners';
import { type ChipsetConfig, configFile } from '#config';
import type { Machine } from '../parts/part.ts';

/**
 * Finds out which chipsets this machine is.
 * @param called names of chipsets, or labels of runners, that whoever started us says this machine is: only those are looked
 *   at, and being reached by a runner is then no hindrance. Null: every chipset that is local.
 */
export async function lookAround(
  chipsets: readonly ChipsetConfig[],
  called: readonly string[] | null,
  runner: ModelRunner,
): Promise<Machine> {
  const present: Machine['present'] = [];
  const absent: Machine['absent'] = [];
  for (const chipset of called === null ? chipsets : calledBy(chipsets, called)) {
    const { name } = chipset;
    const missing = await runner.missing(chipset);
    if (missing.length > 0) absent.push({ name, missing: [...missing] });
    else {
      const key = await runner.detect(chipset);
      present.push({ name, key: { ...key, cpuFlags: [...key.cpuFlags] } });
    }
  }
  return { runner: { name: runner.name, sandboxed: runner.sandboxed }, present, absent };
}

function calledBy(chipsets: readonly ChipsetConfig[], called: readonly string[]): ChipsetConfig[] {
  const isCalled = ({ name, at }: ChipsetConfig, by: string) => name === by || (at.kind === 'runner' && at.label === by);
  const unknown = called.filter((by) => !chipsets.some((chipset) => isCalled(chipset, by)));
  if (unknown.length > 0) {
    throw new CouldNotRun({
      file: configFile,
      field: 'chipsets',
      message: `no chipset has the name or runner label ${unknown.join(', ')}`,
      remedy: `name one of: ${chipsets.map(({ name }) => name).join(', ')}`,
    });
  }
  const here = chipsets.filter((chipset) => called.some((by) => isCalled(chipset, by)));
  return here.map((chipset) => asLocal(chipset));
}

/** Who runs on it reaches it without a way. */
export function asLocal(chipset: ChipsetConfig): ChipsetConfig {
  return chipset.at.kind === 'runner' ? { ...chipset, at: { kind: 'local' } } : chipset;
}

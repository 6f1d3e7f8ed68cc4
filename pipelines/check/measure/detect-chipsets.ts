import { CouldNotRun } from '#kernel';
import type { Machine, ModelRunner } from '#runners';
import { type ChipsetConfig, configFile } from '#config';
import { asLocal } from '../plan/plan-comparisons.ts';

/**
 * Finds out which chipsets this machine is.
 * @param named names of chipsets, or labels of runners, that whoever started us says this machine is: only those are looked
 *   at, and being reached by a runner is then no hindrance. Null: every chipset that is local.
 */
export async function detectChipsets(
  chipsets: readonly ChipsetConfig[],
  named: readonly string[] | null,
  runner: ModelRunner,
): Promise<Machine> {
  const present: Machine['present'] = [];
  const absent: Machine['absent'] = [];
  for (const chipset of named === null ? chipsets : namedBy(chipsets, named)) {
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

function namedBy(chipsets: readonly ChipsetConfig[], named: readonly string[]): ChipsetConfig[] {
  const isNamed = ({ name, at }: ChipsetConfig, by: string) => name === by || (at.kind === 'runner' && at.label === by);
  const unknown = named.filter((by) => !chipsets.some((chipset) => isNamed(chipset, by)));
  if (unknown.length > 0) {
    throw new CouldNotRun({
      file: configFile,
      field: 'chipsets',
      message: `no chipset has the name or runner label ${unknown.join(', ')}`,
      remedy: `name one of: ${chipsets.map(({ name }) => name).join(', ')}`,
    });
  }
  const here = chipsets.filter((chipset) => named.some((by) => isNamed(chipset, by)));
  return here.map((chipset) => asLocal(chipset));
}

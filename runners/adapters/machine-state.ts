import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineState } from '../machine-state.ts';

const CPUS = '/sys/devices/system/cpu';
const POWER = '/sys/class/powercap';

/** As Linux tells it below /proc and /sys. @param root where these are, for tests */
export async function readMachineState(root = '/'): Promise<MachineState> {
  const read = async (file: string) => await readFile(join(root, file), 'utf8').catch(() => null);
  const at = performance.now();
  const [stat, pressure] = await Promise.all([read('/proc/stat'), read('/proc/pressure/cpu')]);
  return {
    at,
    cpu: parseCpuTicks(stat),
    waited: numberAt(/^some .*total=(\d+)/m, pressure),
    throttled: await sumOf(
      join(root, CPUS),
      /^cpu\d+$/,
      async (name) => await read(`${CPUS}/${name}/thermal_throttle/core_throttle_count`),
    ),
    energy: await energyOf(root, read),
  };
}

/** user nice system idle iowait irq softirq steal; the two guests after them are counted in the first two already. */
function parseCpuTicks(stat: string | null): MachineState['cpu'] {
  const fields =
    /^cpu +(.*)$/m
      .exec(stat ?? '')?.[1]
      ?.split(' ')
      .map(Number) ?? [];
  const [stolen] = fields.slice(7);
  return stolen === undefined ? null : { all: fields.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0), stolen };
}

/** Of each package; its parts, such as cores and memory, are counted in it. */
async function energyOf(root: string, read: (file: string) => Promise<string | null>): Promise<MachineState['energy']> {
  const packages = /^intel-rapl:\d+$/;
  const of = async (file: string) =>
    await sumOf(join(root, POWER), packages, async (name) => await read(`${POWER}/${name}/${file}`));
  const [microjoules, wrapsAt] = [await of('energy_uj'), await of('max_energy_range_uj')];
  return microjoules === null || wrapsAt === null ? null : { microjoules, wrapsAt };
}

/** Null where there is none, or one of them says nothing. */
async function sumOf(folder: string, named: RegExp, read: (name: string) => Promise<string | null>): Promise<number | null> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => named.test(name));
  const texts = await Promise.all(names.map(read));
  if (texts.length === 0 || texts.includes(null)) return null;
  return texts.reduce<number>((sum, text) => sum + Number(text), 0);
}

function numberAt(pattern: RegExp, text: string | null): number | null {
  const found = pattern.exec(text ?? '')?.[1];
  return found === undefined ? null : Number(found);
}

import { readFile } from 'node:fs/promises';
import os from 'node:os';
import type { Chipset, ChipsetKey } from '../chipset.ts';

/** The machine that models run on. `platform` is written as OCI does: linux/amd64. */
export type Host = {
  platform: string;
  cpuModel: string;
  /** Sorted; null where the system does not tell them. */
  cpuFlags: readonly string[] | null;
  cores: number;
  /** CPUs that this process may use: fewer than `cores` inside a cpuset. */
  usableCpus: number;
  governor: string | null;
};

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };
const GOVERNOR = '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor';

export async function detectHost(): Promise<Host> {
  const cpuinfo = parseCpuinfo(await readOrNull('/proc/cpuinfo'));
  const cpus = os.cpus();
  return {
    platform: `${process.platform}/${ARCHITECTURES[process.arch] ?? process.arch}`,
    cpuModel: cpuinfo.model ?? cpus[0]?.model ?? 'unknown',
    cpuFlags: cpuinfo.flags,
    cores: cpus.length,
    usableCpus: os.availableParallelism(),
    governor: (await readOrNull(GOVERNOR))?.trim() ?? null,
  };
}

/** The names that x86 (`model name`, `flags`) and ARM (`CPU part`, `Features`) kernels use. */
export function parseCpuinfo(text: string | null): { model: string | null; flags: readonly string[] | null } {
  const field = (name: string) => new RegExp(`^${name}\\s*:\\s*(.+)$`, 'm').exec(text ?? '')?.[1]?.trim() ?? null;
  const part = field('CPU part');
  const model =
    field('model name') ?? field('Model') ?? (part === null ? null : `implementer ${field('CPU implementer')} part ${part}`);
  const flags = field('flags') ?? field('Features');
  return { model, flags: flags === null ? null : [...new Set(flags.split(/\s+/))].toSorted() };
}

/** `threads` is what the chipset grants a model: whole CPUs. */
export function keyOf(host: Host, chipset: Chipset): ChipsetKey {
  return {
    cpuModel: host.cpuModel,
    cpuFlags: host.cpuFlags ?? [],
    cores: host.cores,
    governor: host.governor,
    provider: 'cpu',
    threads: chipset.limits.cpus,
  };
}

/** One sentence for each thing that the chipset requires and the host lacks. */
export function missingFrom(host: Host, chipset: Chipset): string[] {
  const elsewhere = reachedBy(chipset.at);
  if (elsewhere !== null) return [`chipset ${chipset.name} is not this machine: it is reached by ${elsewhere}`];
  const { cpus } = chipset.limits;
  return [
    ...(samePlatform(host.platform, chipset.platform) ? [] : [`it is ${chipset.platform}, this machine is ${host.platform}`]),
    ...(cpus <= host.usableCpus ? [] : [`it has ${cpus} CPUs, of which this machine has ${host.usableCpus}`]),
    ...missingFlags(host, chipset.requires.cpu),
  ];
}

function missingFlags(host: Host, required: readonly string[]): string[] {
  const flags = host.cpuFlags;
  if (required.length === 0) return [];
  if (flags === null) return [`it requires the CPU flags ${required.join(', ')}, and this system does not tell its own`];
  return required
    .filter((flag) => !flags.includes(flag))
    .map((flag) => `it requires the CPU flag ${flag}, which ${host.cpuModel} lacks`);
}

/** A variant (linux/arm64/v8) is not told by the system and is not compared. */
function samePlatform(host: string, wanted: string): boolean {
  const [system, architecture] = wanted.split('/');
  return host === `${system}/${architecture}`;
}

function reachedBy(at: Chipset['at']): string | null {
  if (at.kind === 'local') return null;
  if (at.kind === 'runner') return `a runner labelled ${at.label}`;
  return at.kind === 'ssh' ? `ssh ${at.host}` : at.url;
}

async function readOrNull(file: string): Promise<string | null> {
  return await readFile(file, 'utf8').catch(() => null);
}

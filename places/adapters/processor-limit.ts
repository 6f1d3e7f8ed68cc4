import { mkdir, readdir, rmdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Microseconds. Short, so that a process which has used up its share does not stand still for long. */
const PERIOD = 20_000;

export type ProcessorLimit = { by: string | null; remove: () => Promise<void> };

const ROOTS = [
  { root: '/sys/fs/cgroup/cpu', version: 1 },
  { root: '/sys/fs/cgroup', version: 2 },
] as const;

let named = 0;

/** Keeps a process and its threads to a share of the processors, by the kernel where it lets us. */
export async function limitProcessors(pid: number, cpus: number): Promise<ProcessorLimit> {
  if (cpus >= availableParallelism())
    return { by: `the ${availableParallelism()} processors of this machine`, remove: async () => {} };
  named += 1;
  for (const { root, version } of ROOTS) {
    await removeAbandoned(root);
    const group = join(root, `fieldproof-${process.pid}-${named}`);
    const quota = Math.max(1000, Math.round(cpus * PERIOD));
    try {
      await mkdir(group);
      try {
        await write(group, version, quota);
        await claimShare(group, version);
        await writeFile(join(group, 'cgroup.procs'), String(pid));
        return {
          by: `a quota of the kernel (cgroup ${version}): ${cpus} processors`,
          remove: async () => await removeGroup(group),
        };
      } catch {
        await removeGroup(group);
      }
    } catch {
      // Not ours to make, or not there: the next one may be.
    }
  }
  return { by: null, remove: async () => {} };
}

/** Of runs that were killed: their processes went with them, and the groups stayed. One that holds a process cannot be removed. */
async function removeAbandoned(root: string): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const [, owner] = /^fieldproof-(\d+)-\d+$/.exec(name) ?? [];
    if (owner !== undefined && !isRunning(Number(owner))) await rmdir(join(root, name)).catch(() => {});
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

async function write(group: string, version: 1 | 2, quota: number): Promise<void> {
  if (version === 2) return await writeFile(join(group, 'cpu.max'), `${quota} ${PERIOD}`);
  await writeFile(join(group, 'cpu.cfs_period_us'), String(PERIOD));
  await writeFile(join(group, 'cpu.cfs_quota_us'), String(quota));
}

/** What it is kept to it also gets, however busy others keep the machine: a place is no slower than it says. */
async function claimShare(group: string, version: 1 | 2): Promise<void> {
  const [file, most] = version === 2 ? ['cpu.weight', '10000'] : ['cpu.shares', '262144'];
  await writeFile(join(group, file), most).catch(() => {});
}

/** It is busy for a moment after its last process has ended. */
async function removeGroup(group: string): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    try {
      return await rmdir(group);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

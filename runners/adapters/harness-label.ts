import { readFile, readlink } from 'node:fs/promises';
import type Docker from 'dockerode';
import { RUN_LABEL } from './sandbox.ts';

/** This machine since it was started, and this view of its processes; then the process, and when it began. */
export async function harnessLabel(): Promise<string> {
  return `${await home()}/${process.pid}/${await birthOf(process.pid)}`;
}

/** Removes the containers of harnesses that are dead: a killed one cannot do it itself. Those of other machines are left. */
export async function reapStale(docker: Docker): Promise<void> {
  const here = await home();
  const containers = await docker.listContainers({ all: true, filters: { label: [RUN_LABEL] } });
  for (const { Id, Labels } of containers) {
    const label = Labels[RUN_LABEL] ?? '';
    const [pid = '', birth] = label.startsWith(`${here}/`) ? label.slice(here.length + 1).split('/') : [];
    if (birth === undefined || (await birthOf(Number(pid))) === birth) continue;
    await docker
      .getContainer(Id)
      .remove({ force: true, v: true })
      .catch(() => {}); // another harness was quicker
  }
}

async function home(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  return `${boot.trim()}/${await readlink('/proc/self/ns/pid')}`;
}

/** When a process began, in the kernel's ticks since boot; empty when it is gone. */
async function birthOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name of the program, in brackets, may hold blanks itself.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

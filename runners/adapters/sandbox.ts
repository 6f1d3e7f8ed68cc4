import type { ContainerCreateOptions } from 'dockerode';
import type { Chipset } from '../chipset.ts';

export type SandboxRequest = {
  image: { id: string; user: string; volumes: readonly string[] };
  /** Arguments for the image's entrypoint; null leaves it its own. */
  command: readonly string[] | null;
  /** Shown inside at /model, read-only. */
  modelFolder: string | null;
  limits: Chipset['limits'];
  cpus: readonly number[];
  label: string;
};

/** Tells our containers from others'; its value names the harness that started them. */
export const RUN_LABEL = 'fieldproof.run';
/** Where a model server listens inside its container. */
export const MODEL_PORT = 8000;

const NOBODY = '65532:65532';
const MIB = 1024 * 1024;

/**
 * A container that sees its inputs and nothing else: no network but its own loopback, nothing writable but a small /tmp
 * that nothing can be executed from, no capability, no new privileges, the engine's default seccomp filter, bounded
 * memory, processes, CPUs and log.
 */
export function sandboxOf({ image, command, modelFolder, limits, cpus, label }: SandboxRequest): ContainerCreateOptions {
  return {
    Image: image.id,
    ...(command === null ? {} : { Cmd: [...command] }),
    User: userFor(image.user),
    Hostname: 'model',
    Labels: { [RUN_LABEL]: label },
    Healthcheck: { Test: ['NONE'] }, // an image's own would compete for the CPU that is measured
    HostConfig: {
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      PidsLimit: 256,
      ...(limits.memoryBytes === null ? {} : { Memory: limits.memoryBytes, MemorySwap: limits.memoryBytes }),
      CpusetCpus: cpus.join(','),
      Tmpfs: { ...sealed(image.volumes), '/tmp': 'rw,noexec,nosuid,nodev,size=64m' },
      IpcMode: 'private',
      ShmSize: 64 * MIB,
      Ulimits: [
        { Name: 'core', Soft: 0, Hard: 0 },
        { Name: 'nofile', Soft: 4096, Hard: 4096 },
      ],
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '1' } },
      Mounts: modelFolder === null ? [] : [{ Type: 'bind', Source: modelFolder, Target: '/model', ReadOnly: true }],
      AutoRemove: false,
    },
  };
}

/** A VOLUME of an image would be a writable folder on the host's disk, without a bound: it becomes an empty one that is not. */
function sealed(volumes: readonly string[]): Record<string, string> {
  return Object.fromEntries(volumes.map((path) => [path, 'ro,noexec,nosuid,nodev,size=4k']));
}

/** A numeric user that is not root is the image's to choose; a name could be anybody's in its own /etc/passwd. */
function userFor(wanted: string): string {
  return /^0*[1-9]\d*(:\d+)?$/.test(wanted) ? wanted : NOBODY;
}

/** The last of the CPUs, for the first serve most interrupts; always the same ones, so that all models get them alike. */
export function chooseCpus(available: readonly number[], count: number): number[] {
  return available.slice(-Math.max(1, Math.ceil(count)));
}

/** `0-2,5` as the kernel writes lists of CPUs. */
export function parseCpuList(list: string): number[] {
  return list
    .trim()
    .split(',')
    .flatMap((range) => {
      const [first = Number.NaN, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

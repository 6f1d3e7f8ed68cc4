/** A named hardware target, as configuration names it. */
export type Chipset = {
  name: string;
  /** OCI platform, such as linux/amd64. */
  platform: string;
  /** How it is reached. Only `local` can be reached today; the others are named so that configuration need not change. */
  at: { kind: 'local' } | { kind: 'runner'; label: string } | { kind: 'ssh'; host: string } | { kind: 'endpoint'; url: string };
  /** The weights it prefers; a model that has no such variant serves its default ones. */
  variant: string | null;
  requires: { cpu: readonly string[] };
  limits: { cpus: number; memoryBytes: number | null };
};

/**
 * What a chipset really is. Milliseconds are compared on equal keys only.
 * `governor` is null where the kernel shows none (most virtual machines).
 */
export type ChipsetKey = {
  cpuModel: string;
  cpuFlags: readonly string[];
  cores: number;
  governor: string | null;
  provider: string;
  threads: number;
  /** What stands in for the silicon, such as `qemu-aarch64 7.2.22`: answers are those of the code, milliseconds say nothing. */
  emulator?: string | undefined;
};

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { formatBytes } from '#kernel';

export type MemoryWatch = {
  /** Highest resident memory seen, in bytes; null where the system has no /proc. */
  peak(): Promise<number | null>;
  /** Why the process was killed; null when it was not. */
  excess(): string | null;
  end(): void;
};

const LOOK_EVERY = 100;

/** Looks at a process ten times a second, and calls `kill` when it holds more than it may. */
export function watchMemory(pid: number, limit: number | null, kill: () => void): MemoryWatch {
  let peak: number | null = null;
  let excess: string | null = null;
  const look = async () => {
    const seen = await memoryOf(pid);
    if (seen === null) return;
    peak = Math.max(peak ?? 0, seen.peak);
    if (limit === null || seen.resident <= limit || excess !== null) return;
    excess = `it held ${formatBytes(seen.resident)} of memory, ${formatBytes(seen.resident - limit)} more than the chipset's ${formatBytes(limit)}`;
    kill();
  };
  const timer = setInterval(() => void look(), LOOK_EVERY);
  timer.unref();
  return {
    peak: async () => {
      await look();
      return peak;
    },
    excess: () => excess,
    end: () => clearInterval(timer),
  };
}

/** Resident memory now and at its highest, in bytes; null when the process is gone or the system does not say. */
async function memoryOf(pid: number): Promise<{ resident: number; peak: number } | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN) * 1024;
  const [resident, peak] = [kibibytes('VmRSS'), kibibytes('VmHWM')];
  return Number.isNaN(resident) || Number.isNaN(peak) ? null : { resident, peak };
}

/**
 * Ends a process group and removes its folder when this process dies, however it dies: a shell waits for our end of a
 * pipe to close. A stopped group could not notice that for itself.
 * @returns calls the watch off
 */
export function endWithUs(group: number, folder: string): () => void {
  const script = 'cat >/dev/null; kill -9 "-$1"; rm -rf "$2"';
  const shell = spawn('/bin/sh', ['-c', script, 'watch', String(group), folder], {
    env: {},
    detached: true, // an interrupt at the terminal is for us, not for it
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => {}); // no shell, no watch
  shell.stdin.on('error', () => {});
  shell.unref();
  return () => {
    shell.kill('SIGKILL');
  };
}

/** The highest resident memory of a process and its descendants together, in bytes; null when it is gone. */
export async function peakOfTree(pid: number): Promise<number | null> {
  const own = await memoryOf(pid);
  if (own === null) return null;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const peaks = await Promise.all(
    children
      .split(' ')
      .filter(Boolean)
      .map(async (child) => await peakOfTree(Number(child))),
  );
  return peaks.reduce<number>((sum, peak) => sum + (peak ?? 0), own.peak);
}

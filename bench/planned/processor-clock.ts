import { readdirSync, readFileSync } from 'node:fs';
import type { Clock } from '../../kernel/clock.ts';

/** Of Linux: in a second. */
const TICKS = 100;

/**
 * A clock that goes by what this process and all that it started took of a processor: the same on a machine that others use as on one that they
 * don't.
 */
export const processorClock: Pick<Clock, 'elapsed'> = {
  elapsed: () => {
    const all = new Map(processes().map((one) => [one.pid, one]));
    const isOurs = (pid: number): boolean => {
      if (pid === process.pid) return true;
      const parent = all.get(pid)?.parent ?? 0;
      return parent > 1 && isOurs(parent);
    };
    const ticks = [...all.values()].filter(({ pid }) => isOurs(pid)).reduce((sum, one) => sum + one.ticks, 0);
    return (1000 * ticks) / TICKS;
  },
};

/** What each took itself, and what those took that it started and that have ended (proc(5): stat, fields 4 and 14 to 17). */
function processes(): { pid: number; parent: number; ticks: number }[] {
  return readdirSync('/proc').flatMap((name) => {
    const stat = /^\d+$/.test(name) ? statOf(name) : null;
    if (stat === null) return [];
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return [{ pid: Number(name), parent: Number(fields[1]), ticks }];
  });
}

/** Null where it has ended since. */
function statOf(name: string): string | null {
  try {
    return readFileSync(`/proc/${name}/stat`, 'utf8');
  } catch {
    return null;
  }
}

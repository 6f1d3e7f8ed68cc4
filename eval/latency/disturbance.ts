import type { MachineState } from '#runners';

/**
 * What disturbs a block of requests, stated before anything is measured, and by what the machine did alone: never by how long answers took,
 * so that no answer is dropped for being slow. A block's pair is then measured once more.
 */
export const DISTURBED = {
  /** Share of the CPU time that a hypervisor gave to others. */
  stolen: 0.02,
  /** Share of the time in which something had to wait for a CPU. */
  waited: 0.5,
} as const;

/** Why a block between two states was disturbed, as the end of a sentence; null where it was not, or nobody knows. */
export function disturbanceBetween(before: MachineState | null, after: MachineState | null): string | null {
  if (before === null || after === null) return null;
  if ((after.throttled ?? 0) > (before.throttled ?? 0)) return 'a CPU was slowed down for heat';
  const stolen = stolenShare(before, after);
  if (stolen > DISTURBED.stolen) return `the hypervisor gave ${percent(stolen)} of the CPU time to others`;
  const waited = waitedShare(before, after);
  return waited > DISTURBED.waited ? `programs waited for a CPU in ${percent(waited)} of the time` : null;
}

/** Joules that the machine took between two states; null where it does not say. */
export function energyBetween(before: MachineState | null, after: MachineState | null): number | null {
  if (before?.energy == null || after?.energy == null) return null;
  const taken = after.energy.microjoules - before.energy.microjoules;
  return (taken < 0 ? taken + after.energy.wrapsAt : taken) / 1e6;
}

function stolenShare(before: MachineState, after: MachineState): number {
  if (before.cpu === null || after.cpu === null) return 0;
  const all = after.cpu.all - before.cpu.all;
  // Ticks are counted by the hundredth of a second: of less than a handful a share says nothing.
  return all < 5 ? 0 : (after.cpu.stolen - before.cpu.stolen) / all;
}

function waitedShare(before: MachineState, after: MachineState): number {
  if (before.waited === null || after.waited === null || after.at <= before.at) return 0;
  return (after.waited - before.waited) / 1000 / (after.at - before.at);
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}

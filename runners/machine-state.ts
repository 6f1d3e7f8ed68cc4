/**
 * What a machine has done since it started, as counters: two of them say what happened between. Null is what the system does not tell.
 */
export type MachineState = {
  /** Milliseconds on a clock that never goes back. */
  at: number;
  /** CPU time in ticks: all of it, and what a hypervisor gave to other machines meanwhile. */
  cpu: { all: number; stolen: number } | null;
  /** Microseconds in which something was ready to run and had to wait for a CPU (PSI, some). */
  waited: number | null;
  /** How often a CPU was slowed down for heat. */
  throttled: number | null;
  /** Microjoules that the processors' packages took (RAPL), and where that counter begins anew. */
  energy: { microjoules: number; wrapsAt: number } | null;
};

import type { ChipsetKey } from './chipset.ts';
import type { RunnerName } from './model-runner.ts';

/** What one machine is: how it runs models, the chipsets that it is, and those it was asked for and is not, with why. */
export type Machine = {
  runner: { name: RunnerName; sandboxed: boolean };
  present: { name: string; key: ChipsetKey }[];
  absent: { name: string; missing: string[] }[];
};

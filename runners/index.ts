export { accuracyKey, parseChipsetKeys, sameKey } from './chipset-registry.ts';
export type { Chipset, ChipsetKey } from './chipset.ts';
export type { MachineState } from './machine-state.ts';
export type { Machine } from './machine.ts';
export { type ModelPool, openModelPool } from './model-pool.ts';
export {
  type ImageOnDisk,
  type ModelRunner,
  type RunnerName,
  RUNNERS,
  type RunningModel,
  type RuntimeImage,
  type Servable,
  type StartOptions,
} from './model-runner.ts';

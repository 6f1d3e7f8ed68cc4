export { accuracyKey, parseChipsetKeys, sameKey } from './chipset-registry.ts';
export type { Chipset, ChipsetKey } from './chipset.ts';
export { type ModelPool, openModelPool } from './model-pool.ts';
export type { ImageOnDisk, ModelRunner, Release, RunningModel, RuntimeImage, Servable, StartOptions } from './model-runner.ts';

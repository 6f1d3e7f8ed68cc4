export type { LargeFile, ModelRepository } from './model-repository.ts';
export type { WorkingTree } from './working-tree.ts';

export type { ModelRepository } from './model-repository.ts';
export type { WorkingTree } from './working-tree.ts';

export type { ServedModel } from './model-parts.ts';
export { openModel } from './open-model.ts';

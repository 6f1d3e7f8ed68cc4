export { readDvcFile } from './dvc.ts';
export type { Address, Opener, Wanted } from './wanted.ts';

export type { Address, Opener, Wanted } from './wanted.ts';

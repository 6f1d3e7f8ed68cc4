export type { Condition } from './condition.ts';

import type { CheckContext } from '../check-context.ts';
import type { Collected } from './collect-trials.ts';
import type { ModelPool } from '#runners';
import type { Pairing } from '../plan/plan-comparisons.ts';

/** A check while its models run. */
export type MeasureContext = CheckContext & { pool: ModelPool };

/** The trials of both sides of one pairing on one dataset. */
export type Scored<T> = { pairing: Pairing; dataset: string; candidate: Collected<T>; reference: Collected<T> | null };

import type { Estimate } from '../gate.ts';
import { Z } from './level.ts';

/** The standard error that a normal estimate with this interval would have; null when there is no interval. */
export function standardErrorOf({ interval }: Pick<Estimate, 'interval'>): number | null {
  return interval === null ? null : (interval.high - interval.low) / (2 * Z);
}

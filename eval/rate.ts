import { wilson } from './stats/exact.ts';
import { Z } from './stats/level.ts';

/** How often something happened, with its 90% interval (Wilson 1927); null where it could not happen. */
export function rateOf(count: number, of: number): { count: number; of: number; low: number; high: number } | null {
  return of === 0 ? null : { count, of, ...wilson(count, of, Z) };
}

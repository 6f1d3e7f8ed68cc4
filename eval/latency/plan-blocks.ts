import { random, shuffled } from '../stats/rng.ts';

/** `control` is a second copy of the reference: what differs between the two is the machine's noise. */
export type Arm = 'reference' | 'candidate' | 'control';

/** One short run of requests to each arm, in this order, by the processes of one start. */
export type BlockPlan = { pair: number; order: readonly Arm[] };

/**
 * What one arm took for each of its requests in one block, in the order sent. Blocks of one pair had the same requests;
 * blocks of one start were answered by the same processes.
 */
export type LatencyBlock = { start: number; pair: number; arm: Arm; milliseconds: readonly number[] };

const ORDERS: readonly (readonly Arm[])[] = [
  ['reference', 'candidate', 'control'],
  ['control', 'candidate', 'reference'],
  ['candidate', 'control', 'reference'],
  ['reference', 'control', 'candidate'],
  ['control', 'reference', 'candidate'],
  ['candidate', 'reference', 'control'],
];

/** The pairs of one start hold each order once. */
export const PAIRS_PER_START = ORDERS.length;

/**
 * In which order the arms take turns, start by start. Every start holds each order once, shuffled: no arm is first, or
 * follows another, more often than the others do, so that drift of the machine falls on all alike.
 */
export function planStarts(seed: number, starts: number): BlockPlan[][] {
  const next = random(seed);
  return Array.from({ length: starts }, (_, start) =>
    shuffled(ORDERS, next).map((order, index) => ({ pair: start * PAIRS_PER_START + index, order })),
  );
}

/** A block lasts at least 50 ms and 5 requests, so that its median outlives a scheduler's tick. */
export function requestsPerBlock(milliseconds: number): number {
  return Math.min(1000, Math.max(5, Math.ceil(50 / Math.max(milliseconds, 0.01))));
}

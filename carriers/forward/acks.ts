import type { Edge } from '../carrier.ts';

/** The way back: how far the other end is. Each says all that was said before, so one may get lost. */
export function acksOf(edge: Edge): Edge {
  return { name: `${edge.name}-acks`, window: 64, largest: 0 };
}

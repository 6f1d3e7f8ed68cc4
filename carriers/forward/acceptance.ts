import type { Acceptance } from './stores.ts';

/**
 * How the next parcel of a connection is taken by an inbox that is `at` a place of it. A sender's `since` is ahead when what this inbox
 * had was lost with its disk: that was confirmed once, and will not come again.
 */
export function acceptanceOf(at: number, kept: { position: number; since: number }): Acceptance {
  const expected = Math.max(at + 1, kept.since);
  if (kept.position < expected) return 'known';
  return kept.position === expected ? 'new' : 'early';
}

/** One question to the other end: asked and answered by the clock here, and what the clock there showed in between. Milliseconds. */
export type Roundtrip = { asked: number; there: number; answered: number };

/** Milliseconds that the other clock is ahead, and how far off that may be: the answer took its time on ways of unknown lengths. */
export type ClockOffset = { ahead: number; within: number };

/**
 * By the shortest of many round trips, which bounds the offset most tightly (RFC 5905, section 10: the clock filter). Null
 * without any. An offset of less than its `within` cannot be told from none.
 */
export function clockOffset(roundtrips: readonly Roundtrip[]): ClockOffset | null {
  const bounds = roundtrips.map(({ asked, there, answered }) => ({
    ahead: there - (asked + answered) / 2,
    within: (answered - asked) / 2,
  }));
  return bounds.toSorted((a, b) => a.within - b.within)[0] ?? null;
}

import type { ExpectedScores } from '#kernel';

/** The score that is furthest from the expected one. `difference` is never negative. */
export type Worst = { label: string; timestamp: number; expected: number; found: number; difference: number };

/** What a replay found. A pass: every frame's score of every label is within the tolerance. */
export type Replayed = { replay: 'pass' | 'fail'; frames: number; agreeing: number; tolerance: number; worst: Worst | null };

/**
 * Compares what the model answers here with what it answered when it was judged.
 * @param found the score of each label in each frame; one that is missing agrees with nothing
 * @throws RangeError when the clip has another number of frames than was judged
 */
export function compareScores(
  found: readonly { timestamp: number; scores: Readonly<Record<string, number>> }[],
  expected: ExpectedScores,
): Replayed {
  const differences = found.map((frame, index) =>
    Object.entries(expected.labels).map(([label, { scores }]) => {
      if (scores.length !== found.length)
        throw new RangeError(`the clip has ${found.length} frames, and ${scores.length} were judged for ${label}`);
      const score = frame.scores[label] ?? Number.NaN;
      return { label, timestamp: frame.timestamp, expected: scores[index] ?? Number.NaN, found: score };
    }),
  );
  const measured = differences.map((row) => row.map((one) => ({ ...one, difference: distance(one.found, one.expected) })));
  const agreeing = measured.filter((row) => row.every(({ difference }) => difference <= expected.tolerance)).length;
  const worst = measured
    .flat()
    .reduce<Worst | null>((most, one) => (most !== null && most.difference >= one.difference ? most : one), null);
  return {
    replay: agreeing === found.length ? 'pass' : 'fail',
    frames: found.length,
    agreeing,
    tolerance: expected.tolerance,
    worst,
  };
}

/** A score that is no number is as far from the expected one as any can be. */
function distance(found: number, expected: number): number {
  const difference = Math.abs(found - expected);
  return Number.isNaN(difference) ? Number.MAX_VALUE : difference;
}

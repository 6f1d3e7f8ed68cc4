import { describe, expect, it } from 'vitest';
import { gate } from '../../../eval/compare.fixture.ts';
import { undecidableNotes } from './undecidable-notes.ts';

type Given = Parameters<typeof undecidableNotes>;

/** A gate on the share of events that are found, in so many clips. */
function notesOf(clips: number, changes: Partial<typeof gate>): string[] {
  const dataset = { name: 'street', task: 'events', medium: 'clips', clips: Array.from({ length: clips }, (_, id) => ({ id })) };
  const change = { models: [{ model: { name: 'porch', gates: [{ ...gate, ...changes }] } }] };
  return undecidableNotes(change as unknown as Given[0], new Map([['street', { dataset }]]) as unknown as Given[1]);
}

describe('before anything is asked', () => {
  it('a gate is named that so few clips can never pass', () => {
    expect(notesOf(20, {})).toEqual([
      "porch: event-recall on street can't pass by 20 clips, which tell a loss of 13.9 points at best, and 5 points are allowed (fieldproof plan says what would decide)",
    ]);
  });

  it.each<[string, number, Partial<typeof gate>]>([
    ['there is enough', 60, {}],
    ['it has a bound alone', 20, { margin: null, atLeast: 0.8 }],
    ['it only watches', 20, { watchOnly: true }],
    ['no count of clips says what it can tell', 20, { metric: 'false-alarms-per-hour' }],
  ])('nothing is said where %s', (_, clips, changes) => expect(notesOf(clips, changes)).toEqual([]));
});

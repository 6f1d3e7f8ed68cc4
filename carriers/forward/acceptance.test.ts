import { describe, expect, it } from 'vitest';
import { acceptanceOf } from './acceptance.ts';

describe('what an inbox makes of the next parcel of an outbox', () => {
  it.each([
    ['the one after the last', 4, { position: 5, since: 3 }, 'new'],
    ['the last once more', 4, { position: 4, since: 3 }, 'known'],
    ['one whose predecessor got lost on the way', 4, { position: 6, since: 5 }, 'early'],
    ['the first of all', 0, { position: 1, since: 1 }, 'new'],
    ['the first that an inbox on a new disk sees', 0, { position: 41, since: 41 }, 'new'],
    ['the second of those, before the first', 0, { position: 42, since: 41 }, 'early'],
  ])('is told: %s', (_, at, kept, expected) => {
    expect(acceptanceOf(at, kept)).toBe(expected);
  });
});

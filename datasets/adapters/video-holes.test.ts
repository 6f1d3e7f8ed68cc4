import { describe, expect, it } from 'vitest';
import { Holes } from './video-holes.ts';

const tenths = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => (from + index) / 10);

/** A clip that begins at 100 s: what its packets announce, what comes of them, both in seconds from its start, and what is said of it. */
function said(announced: readonly number[], seen: readonly number[]): string {
  const holes = new Holes(100, 'a.mp4');
  try {
    for (const time of announced) holes.announce(100 + time);
    for (const time of seen) holes.see(100 + time);
    holes.finish(100 + (seen.at(-1) ?? 0) + 0.1);
  } catch (thrown) {
    return thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : 'something else';
  }
  return 'whole';
}

describe('a clip', () => {
  it.each<[string, readonly number[], readonly number[], string]>([
    ['of which all came', tenths(0, 40), tenths(0, 40), 'whole'],
    ['that lost a few pictures', tenths(0, 40), [...tenths(0, 10), ...tenths(14, 40)], 'whole'],
    [
      'that lost more than half a second',
      tenths(0, 40),
      [...tenths(0, 10), ...tenths(16, 40)],
      'a.mp4: cannot be decoded after 0.90 s: what follows is damaged',
    ],
    [
      'in which nothing was recorded for a minute',
      [...tenths(0, 10), ...tenths(600, 610)],
      [...tenths(0, 10), ...tenths(600, 610)],
      'whole',
    ],
    ['that begins between key frames', tenths(0, 90), tenths(70, 90), 'whole'],
    [
      'whose first picture comes after eleven seconds',
      tenths(0, 120),
      tenths(110, 120),
      'a.mp4: cannot be decoded before 11.00 s: its beginning is missing',
    ],
    ['whose end is lost', tenths(0, 40), tenths(0, 30), 'a.mp4: cannot be decoded after 3.00 s'],
    [
      'that announces for ever, and shows nothing',
      tenths(0, 1200),
      [],
      'a.mp4: cannot be decoded before 100.00 s: its beginning is missing',
    ],
  ])('%s', (_, announced, seen, expected) => {
    expect(said(announced, seen)).toBe(expected);
  });
});

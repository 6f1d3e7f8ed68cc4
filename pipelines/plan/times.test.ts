import { describe, expect, it } from 'vitest';
import type { TimedCheck } from '#eval';
import type { Progress } from '#kernel';
import { timed } from './times.ts';

/** A clock that is set by hand, and what was shown and kept. */
function world() {
  const [shown, kept]: [string[], TimedCheck[]] = [[], []];
  const clock = { now: 0, elapsed: () => clock.now };
  const screen: Progress & { close(): void } = {
    step: (name) => void shown.push(name),
    advance: () => void shown.push('.'),
    note: (text) => void shown.push(text),
    close: () => void shown.push('end'),
  };
  return { clock, shown, kept, progress: timed(screen, clock, { add: (check) => void kept.push(check) }) };
}

describe('a check that is timed', () => {
  it('keeps how long each step took until all was counted, of how many, and shows all the same', () => {
    const { clock, shown, kept, progress } = world();
    clock.now = 1000;
    progress.step('street: candidate', 2);
    clock.now = 3000;
    progress.advance();
    progress.advance();
    progress.note('a note');
    clock.now = 5000;
    progress.step('latency on edge-box');
    clock.now = 6500;
    progress.close();
    const steps = [
      { name: 'street: candidate', items: 2, seconds: 2 },
      { name: 'latency on edge-box', items: 0, seconds: 1.5 },
    ];
    expect(kept).toEqual([{ seconds: 6.5, steps }]);
    expect(shown).toEqual(['street: candidate', '.', '.', 'a note', 'latency on edge-box', 'end']);
  });

  it('keeps nothing of one that asked no model anything, and nothing twice', () => {
    const { kept, progress } = world();
    progress.step('pack models/porch');
    progress.close();
    expect(kept).toEqual([]);
    progress.step('street: candidate', 1);
    progress.advance();
    progress.close();
    progress.close();
    expect(kept).toHaveLength(1);
  });
});

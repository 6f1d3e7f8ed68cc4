import { describe, expect, it } from 'vitest';
import { terminalProgress } from './progress.ts';

function stage(isTTY: boolean) {
  const written: string[] = [];
  const clock = { at: 0, elapsed: () => clock.at };
  const stream = { isTTY, columns: 70, write: (text: string) => written.push(text) };
  return { written, clock, progress: terminalProgress(stream, clock, false) };
}

describe('progress on a terminal', () => {
  it('keeps one line alive with bar, rate and time left, and looks at the clock no more than ten times a second', () => {
    const { written, clock, progress } = stage(true);
    progress.step('scoring street', 100);
    for (let done = 0; done < 50; done++) {
      clock.at += 20;
      progress.advance();
    }
    expect(written.length).toBeLessThanOrEqual(12);
    expect(written.at(-1)).toBe('\r\u001B[2Kscoring street ━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌ 50/100 · 50.0/s · 1.0 s left');
    expect(written.every((text) => !text.includes('\n'))).toBe(true);
  });

  it('leaves a line of what was done when the step ends', () => {
    const { written, clock, progress } = stage(true);
    progress.step('building', 2);
    clock.at = 3000;
    progress.advance(2);
    progress.close();
    expect(written.at(-1)).toBe('\r\u001B[2K✓ building (2) in 3.0 s\n');
  });

  it('never writes a line that is wider than the terminal', () => {
    const { written, progress } = stage(true);
    progress.step(`a name ${'that goes on '.repeat(20)}`, 5);
    expect(written.at(-1)?.slice('\r\u001B[2K'.length).length).toBeLessThanOrEqual(69);
  });

  it('puts a note on a line of its own and draws the live line again', () => {
    const { written, progress } = stage(true);
    progress.step('scoring');
    progress.note('two samples were tied');
    expect(written.slice(1)).toEqual(['\r\u001B[2Ktwo samples were tied\n', '\r\u001B[2Kscoring']);
  });
});

describe('progress elsewhere', () => {
  it('writes a plain line at most every five seconds', () => {
    const { written, clock, progress } = stage(false);
    progress.step('scoring street', 2000);
    for (let done = 0; done < 1000; done++) {
      clock.at += 12;
      progress.advance();
    }
    progress.close();
    expect(written).toEqual([
      'scoring street ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 0/2000\n',
      'scoring street ━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 417/2000 · 83.3/s · 19.0 s left\n',
      'scoring street ━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌ 834/2000 · 83.3/s · 14.0 s left\n',
      '✓ scoring street (1000) in 12.0 s\n',
    ]);
  });

  it('drops escape sequences from names', () => {
    const { written, progress } = stage(false);
    progress.step('evil\u001B[2J');
    expect(written.join('')).toBe('evil[2J\n');
  });
});

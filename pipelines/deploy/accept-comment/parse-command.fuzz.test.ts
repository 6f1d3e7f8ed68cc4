import { describe, expect, it } from 'vitest';
import { forAll, strangeTexts } from '../../../testing/fuzz.ts';
import { parseAcceptCommand } from './parse-command.ts';

const words = ['/fieldproof', 'accept', ' ', '\t', '\n', '\r\n', 'until ', '2026-12-31', 'because ', 'sha256:', 'a'.repeat(64)];
const comments = strangeTexts(
  [...words, '@all', '<b>', '`', '\0', '\u2028', '\u202e', 'x'.repeat(600)],
  '/fieldproof accept until 2026-12-31 because we watch it',
  `/fieldproof accept ${'a'.repeat(12)} until 2026-12-31 because we watch it\r\nThanks`,
);

describe('a comment on a pull request', () => {
  it('asks for one thing in one form, is unclear, or is none of ours', () => {
    let read = 0;
    forAll(comments, (text) => {
      const command = parseAcceptCommand(text);
      if (command.kind !== 'accept') return;
      read += 1;
      expect(command.until).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(command.record ?? 'a'.repeat(8)).toMatch(/^[0-9a-f]{8,64}$/);
      expect(command.why).toMatch(/^\S[^\n]{0,499}$/);
    });
    expect(read).toBeGreaterThan(0);
  });
});

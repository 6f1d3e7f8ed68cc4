import { describe, expect, it } from 'vitest';
import { CouldNotRun } from '#kernel';
import { forAll, strangeTexts } from '../../testing/fuzz.ts';
import { renderProblems } from '../github/render-problems.ts';
import { parseProblems, writeProblems } from './problems-file.ts';

const words = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '"problems"',
  '"__proto__"',
  '\\u001b',
  '\\n',
  '@acme',
  '![x](y)',
  '<script>',
  '</details>',
  '`',
  '|',
  '::error::',
  '\\u202e',
  '1e999',
];
const truth = writeProblems([{ file: 'a', line: 1, message: 'b', remedy: 'c' }]);

describe('what a job leaves that could not run', () => {
  it('is read or refused, and shown as words', () =>
    forAll(strangeTexts(words, truth), (text) => {
      try {
        const { problems } = parseProblems(text, 'a.json');
        const { title, summary } = renderProblems({ problems, remarks: [], run: null });
        for (const shown of [title, summary]) expect(shown).not.toMatch(/[\p{Cc}--\n]|\u202e|^::/mv);
        expect(summary).not.toMatch(/<script|<\/details|(?<!\\)@acme/);
      } catch (thrown) {
        if (!(thrown instanceof CouldNotRun)) throw thrown;
      }
    }));
});

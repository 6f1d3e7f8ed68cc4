import { describe, expect } from 'vitest';
import { CouldNotRun } from '#kernel';
import { fuzz, strangeTexts } from '../../testing/fuzz.ts';
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
  fuzz('is read or refused, and shown as words', strangeTexts(words, truth), (text) => {
    try {
      const { problems } = parseProblems(text, 'a.json');
      const { title, summary } = renderProblems({ problems, remarks: [] });
      for (const shown of [title, summary]) expect(shown).not.toMatch(/\u001b|\u202e|^::/m);
      expect(summary).not.toMatch(/<script|<\/details|(?<!\\)@acme/);
    } catch (thrown) {
      if (!(thrown instanceof CouldNotRun)) throw thrown;
    }
  });
});

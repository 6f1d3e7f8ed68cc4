import { expect, it } from 'vitest';
import { commandPoison } from '../testing/reports/report-poison.ts';
import { escapeLog } from './escape-log.ts';

/** As the runner reads a line: a command of either kind. */
function commandsIn(log: string): string[] {
  return log.split(/\r\n|\r|\n/).filter((line) => line.trimStart().startsWith('::') || line.includes('##['));
}

it.each(commandPoison)('leaves no command in %j, and every letter of it', (text) => {
  expect(commandsIn(text)).not.toEqual([]);
  expect(commandsIn(escapeLog(text))).toEqual([]);
  expect(escapeLog(text).replaceAll('\u200B', '')).toBe(text);
});

it('leaves what is no command as it is', () => {
  expect(escapeLog('a::b ## [x] :: y\n: z')).toBe('a::b ## [x] :: y\n: z');
});

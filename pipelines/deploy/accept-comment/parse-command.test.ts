import { describe, expect, it } from 'vitest';
import { parseAcceptCommand } from './parse-command.ts';

const accept = (rest: object = {}) => ({ kind: 'accept', record: null, until: '2026-12-31', why: 'we watch it', ...rest });

describe('a comment that answers for a verdict', () => {
  it.each([
    ['as the verdict suggests it', '/fieldproof accept until 2026-12-31 because we watch it', accept()],
    ['with words for people below', '/fieldproof accept until 2026-12-31 because we watch it\r\n\r\nThanks @all', accept()],
    ['with a record', '/fieldproof accept 70CE871F8A3D until 2026-12-31 because we watch it', accept({ record: '70ce871f8a3d' })],
    ['in capitals, with blanks', '  /Fieldproof  accept until 2026-12-31  because  we watch it ', accept()],
    [
      'with markup in the reason, which stays text',
      '/fieldproof accept until 2026-12-31 because <b>`x`</b>',
      accept({ why: '<b>`x`</b>' }),
    ],
  ])('is read %s', (_, body, command) => expect(parseAcceptCommand(body)).toEqual(command));

  it.each([
    ['no reason', '/fieldproof accept until 2026-12-31'],
    ['an empty reason', '/fieldproof accept until 2026-12-31 because  '],
    ['no day', '/fieldproof accept because we watch it'],
    ['a day in words', '/fieldproof accept until Christmas because we watch it'],
    ['a record that is none', '/fieldproof accept v1 until 2026-12-31 because we watch it'],
    ['a reason on the next line', '/fieldproof accept until 2026-12-31 because\nwe watch it'],
    ['a reason without end', `/fieldproof accept until 2026-12-31 because ${'x'.repeat(501)}`],
  ])('is unclear with %s', (_, body) => expect(parseAcceptCommand(body)).toEqual({ kind: 'unclear' }));

  it.each([
    ['a word before it', 'please /fieldproof accept until 2026-12-31 because we watch it'],
    ['a quote of it', '> /fieldproof accept until 2026-12-31 because we watch it'],
    ['a later line', 'Hello\n/fieldproof accept until 2026-12-31 because we watch it'],
    ['another command', '/fieldproof accepted until 2026-12-31 because we watch it'],
    ['nothing', ''],
  ])('is none with %s', (_, body) => expect(parseAcceptCommand(body)).toEqual({ kind: 'other' }));
});

import { describe, expect, it } from 'vitest';
import { readLiteral, type Literal } from './python-literal.ts';

describe('what Python prints of a value', () => {
  it.each<[string, Literal]>([
    [
      "{0: 'person', 1: 'bicycle'}",
      new Map<Literal, Literal>([
        [0, 'person'],
        [1, 'bicycle'],
      ]),
    ],
    [
      `{0: "driver's seat", 1: 'a \\'b\\' \\\\ c'}`,
      new Map<Literal, Literal>([
        [0, "driver's seat"],
        [1, "a 'b' \\ c"],
      ]),
    ],
    ['[640, 640]', [640, 640]],
    ['(1, 2.5, -3e2,)', [1, 2.5, -300]],
    [
      "{'half': False, 'opset': None, 'nms': True}",
      new Map<Literal, Literal>([
        ['half', false],
        ['opset', null],
        ['nms', true],
      ]),
    ],
    [' [ ] ', []],
    ["'naïve ✓'", 'naïve ✓'],
  ])('is read: %s', (text, value) => {
    expect(readLiteral(text)).toEqual(value);
  });

  it.each([
    '',
    '[1, 2',
    '{1: }',
    '{1 2}',
    "'open",
    '__import__("os")',
    '[1] [2]',
    'nan',
    `${'['.repeat(20)}${']'.repeat(20)}`,
    `[${'1,'.repeat(600_000)}]`,
  ])('is nothing else: %#', (text) => {
    expect(readLiteral(text)).toBeUndefined();
  });
});

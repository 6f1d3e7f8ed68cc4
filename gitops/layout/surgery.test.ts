import { assert, constantFrom, dictionary, integer, property, record, string, stringMatching } from 'fast-check';
import { describe, it } from 'vitest';
import { isMap, isScalar, parse, parseDocument, stringify, type ToStringOptions } from 'yaml';
import { openKeptFile, spell } from './kept-file.ts';

const key = stringMatching(/^[a-z][a-z0-9-]{0,6}$/);
const node = dictionary(key, string({ maxLength: 12 }), { minKeys: 1, maxKeys: 4 });
const files = record({
  value: dictionary(key, node, { minKeys: 1, maxKeys: 4 }),
  style: record({
    indent: integer({ min: 1, max: 6 }),
    defaultStringType: constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
    lineWidth: constantFrom(0, 20),
  }),
  lineEnd: constantFrom('\n', '\r\n'),
  text: constantFrom(
    `sha256:${'a'.repeat(64)}`,
    'registry.example/x@sha256:ab',
    'int8',
    '8',
    'true',
    'null',
    "it's",
    'a "b"',
    'a, b',
    '~',
  ),
  pick: integer({ min: 0, max: 1000 }),
});

/** A file with a comment behind every value that can have one. */
function commented(value: unknown, style: ToStringOptions): string {
  const document = parseDocument(stringify(value, style));
  document.commentBefore = ' kept by people';
  if (isMap(document.contents))
    for (const { value: inner } of document.contents.items)
      if (isMap(inner)) for (const pair of inner.items) if (isScalar(pair.value)) pair.value.comment = ' {"$imagepolicy": "x:y"}';
  return document.toString(style);
}

describe('a value in any file of two levels', () => {
  it('changes alone: the text around it stays, byte for byte, and the other values too', () => {
    assert(
      property(files, ({ value, style, lineEnd, text, pick }) => {
        const before = commented(value, style).replaceAll('\n', lineEnd);
        const paths = Object.entries(parse(before) as typeof value).flatMap(([a, inner]) =>
          Object.keys(inner as object).map((b) => [a, b] as const),
        );
        const [a = '', b = ''] = paths[pick % paths.length] ?? [];
        let found;
        try {
          found = openKeptFile(before, 'x.yaml').find({ document: null, field: `${a}.${b}` });
        } catch (thrown) {
          // Blocks of text and empty values are refused, and said so in other tests.
          if (/is a block of text|is empty/.test(String(thrown))) return;
          throw thrown;
        }
        const after = before.slice(0, found.start) + spell(found, text) + before.slice(found.end);
        const expected = structuredClone(parse(before)) as Record<string, Record<string, string>>;
        (expected[a] as Record<string, string>)[b] = text;
        if (JSON.stringify(parse(after)) !== JSON.stringify(expected)) throw new Error(`${before}\n--- became ---\n${after}`);
      }),
      { numRuns: 500 },
    );
  });
});

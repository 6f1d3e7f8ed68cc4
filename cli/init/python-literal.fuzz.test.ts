import { describe, expect, it } from 'vitest';
import { forAll, strangeTexts } from '../../testing/fuzz.ts';
import { readLiteral } from './python-literal.ts';

const words = [
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  ',',
  ':',
  "'",
  '"',
  '\\',
  'None',
  'True',
  '0',
  '-1',
  '1e999',
  '.',
  '__import__',
  '\n',
];
const texts = strangeTexts(words, "{0: 'person', 1: 'car'}", '[640, 640]', "('a', None, True, -1.5e3)");

describe('what an exporter wrote into an ONNX file', () => {
  it('is plain values, or nothing', () => {
    let read = 0;
    forAll(texts, (text) => {
      const value = readLiteral(text);
      read += value === undefined ? 0 : 1;
      expect(['undefined', 'string', 'number', 'boolean', 'object']).toContain(typeof value);
    });
    expect(read).toBeGreaterThan(0);
  });
});

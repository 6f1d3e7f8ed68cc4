import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forAll, readOrRefused, strangeTexts } from '../testing/fuzz.ts';
import { withoutIgnored } from './adapters/build/build-context.ts';
import { dockerfileProblems, failedInstruction, instructionsOf, printable } from './dockerfile.ts';
import { isInside } from './layer.ts';
import { filesOfModel } from './model-folder.ts';
import { variantsOfModel } from './model-variants.ts';

const dockerfiles = strangeTexts(
  [
    'FROM ',
    'RUN ',
    'COPY ',
    'ADD ',
    '--mount=',
    '--link ',
    '<<EOF',
    '\\',
    '`',
    '\n',
    '\r\n',
    '# syntax=',
    '# escape=`',
    '#',
    ' ',
    '\t',
    '\0',
    '\u001b[2J',
    'a',
  ],
  '# syntax=docker/dockerfile:1\nFROM a\nRUN a \\\n  b\nCOPY . /\n',
);
const models = strangeTexts(
  [
    'weights: ',
    'labels: ',
    '\n',
    '  ',
    'a.onnx',
    '../',
    '/',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ': ',
    '&a ',
    '*a',
    '!!js ',
    '\0',
    '"',
    '.',
    'model.yaml',
    '__proto__: a\n',
    'constructor: b\n',
  ],
  'weights: model.onnx\nlabels: labels.txt\n',
  'weights:\n  default: a.onnx\n  int8: { file: b/c.onnx }\n',
);
const rules = strangeTexts(
  ['*', '**', '**/', '/', '!', '?', '[a-z]', '[', ']', '\\', 'a', '.', '..', '\n', '#', '(', '+', '{1,9}', '|', '^', '$'],
  '*.log\n!keep\n**/x\n',
);
const PATHS = ['Dockerfile', 'a', 'a/b', 'a/b/c.log', 'x', '.dockerignore', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa/b'];

describe('a folder that a pull request brings to be built', () => {
  it('has a Dockerfile that is taken or refused', () =>
    forAll(dockerfiles, (text) => {
      dockerfileProblems(text, 'Dockerfile');
      const lines = text.split(/\r?\n/).length;
      for (const { line } of instructionsOf(text)) expect(line).toBeLessThanOrEqual(lines);
      failedInstruction(text, ['Step 1/2 : x', text], text);
      expect(printable(text)).not.toContain('\u001b');
    }));

  it('has a model.yaml that names files below it, or is refused', () =>
    forAll(models, (text) => {
      for (const { path } of readOrRefused(() => filesOfModel(text, 'model.yaml')) ?? []) expect(isInside(path)).toBe(true);
      readOrRefused(() => variantsOfModel(text, 'model.yaml'));
    }));

  it('has rules of what is left out that leave some of what is there, and the Dockerfile', () =>
    forAll(rules, (text) => {
      const left = readOrRefused(() => withoutIgnored(PATHS, text, '.dockerignore')) ?? ['Dockerfile'];
      expect(left).toContain('Dockerfile');
      expect(PATHS).toEqual(expect.arrayContaining([...left]));
    }));

  it('has paths, of which those are taken that stay inside', () =>
    forAll(fc.array(fc.constantFrom('..', '.', '', 'a', '\\', '\0', 'C:'), { maxLength: 6 }), (parts) => {
      const stays = parts.length > 0 && parts.every((part) => part === 'a' || part === 'C:');
      expect(isInside(parts.join('/'))).toBe(stays);
    }));
});

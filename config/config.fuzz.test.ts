import { describe, expect } from 'vitest';
import { CouldNotRun, MOST_PROBLEMS } from '#kernel';
import { configText } from '../testing/worlds/colour-datasets.ts';
import { fuzz, strangeTexts } from '../testing/fuzz.ts';
import { readConfig } from './config.ts';

const words = [
  '\n',
  '  ',
  '- ',
  ': ',
  '{ ',
  ' }',
  '[',
  ']',
  ',',
  '&a ',
  '*a',
  '!!binary ',
  '<<: ',
  '? ',
  '|',
  '>',
  '#',
  '"',
  "'",
  '../',
  '/',
  '---',
  '\t',
  '\0',
  '__proto__',
  'constructor',
  '*',
  '1e999',
  '0x1',
  '-1',
  '~',
  'tiny',
  'deploy:',
  'gates:',
];

describe('fieldproof.yaml of a pull request', () => {
  fuzz('is read or refused, in words of a length and number that can be told', strangeTexts(words, configText), (text) => {
    try {
      const { models, datasets } = readConfig(text);
      const paths = [...models.map(({ build }) => build), ...Object.values(datasets).map(({ manifest }) => manifest)];
      for (const path of paths) expect(path).not.toMatch(/^\/|(^|\/)\.\.(\/|$)|[\0\n]/);
    } catch (thrown) {
      if (!(thrown instanceof CouldNotRun)) throw thrown;
      expect(thrown.problems.length).toBeLessThanOrEqual(MOST_PROBLEMS + 1);
      for (const { message } of thrown.problems) expect(message.length).toBeLessThan(10_000);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { CouldNotRun, MOST_PROBLEMS, type Problem } from '#kernel';
import { configText } from '../testing/worlds/colour-datasets.ts';
import { forAll, strangeTexts } from '../testing/fuzz.ts';
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
  it('is read or refused, in words of a length and number that can be told', () =>
    forAll(strangeTexts(words, configText), (text) => {
      const { paths, problems } = readWhole(text);
      for (const path of paths) expect(path).not.toMatch(/^\/|(^|\/)\.\.(\/|$)|[\0\n]/);
      expect(problems.length).toBeLessThanOrEqual(MOST_PROBLEMS + 1);
      for (const { message } of problems) expect(message.length).toBeLessThan(10_000);
    }));
});

/** The paths that it names, or what is wrong with it. */
function readWhole(text: string): { paths: readonly string[]; problems: readonly Problem[] } {
  try {
    const { models, datasets } = readConfig(text);
    const paths = [...models.map(({ build }) => build), ...Object.values(datasets).map(({ manifest }) => manifest)];
    return { paths, problems: [] };
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    return { paths: [], problems: thrown.problems };
  }
}

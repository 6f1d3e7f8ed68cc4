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

/** Small, and with a graph in two placements, its bounds, places and links. */
const graphText = `version: 1
models: { yard: { build: m/yard, image: r.example/yard, task: detection } }
datasets: { street: { manifest: d/street.yaml } }
chipsets: { here: { platform: linux/amd64 } }
gates:
  yard: [{ dataset: street, metric: event-recall, at-least: 50% }]
  door: [{ placement: split, uplink: at-most 200 kbit/s, end-to-end-p95: at-most 2s, cost: at-most 3.5 }]
graphs:
  door:
    footage: street
    stages:
      look: { stock: decode }
      moving: { container: stages/m, takes: [frame], gives: frame, from: look }
      find: { model: yard, from: moving }
      visits: { stock: events, from: find }
places: { edge: { cpus: 0.25, memory: 512MiB, price: { month: 6 } }, cloud: {} }
links: { dsl: { up: 2Mbit/s, down: 16Mbit/s, delay: 20ms } }
placements:
  door: { whole: { stages: { "*": cloud } }, split: { stages: { "*": edge, visits: cloud }, link: dsl } }
`;
const graphWords = ['from: ', 'look', 'find', '"*"', 'stages:', '{ stock: ', 'decode', 'container: ', 'placement: ', 'at-most '];

describe('fieldproof.yaml of a pull request', () => {
  it('is read or refused, in words of a length and number that can be told', () =>
    forAll(strangeTexts([...words, ...graphWords], configText, graphText), (text) => {
      const { paths, problems } = readWhole(text);
      for (const path of paths) expect(path).not.toMatch(/^\/|(^|\/)\.\.(\/|$)|[\0\n]/);
      expect(problems.length).toBeLessThanOrEqual(MOST_PROBLEMS + 1);
      for (const { message } of problems) expect(message.length).toBeLessThan(10_000);
    }));
});

/** The paths that it names, or what is wrong with it. */
function readWhole(text: string): { paths: readonly string[]; problems: readonly Problem[] } {
  try {
    const { models, datasets, graphs } = readConfig(text);
    const stages = graphs.flatMap(({ graph }) => graph.stages.map(({ work }) => work));
    const paths = [
      ...models.map(({ build }) => build),
      ...Object.values(datasets).map(({ manifest }) => manifest),
      ...stages.flatMap((work) => (work.kind === 'container' ? [work.build] : [])),
    ];
    return { paths, problems: [] };
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    return { paths: [], problems: thrown.problems };
  }
}

import { describe, expect, it } from 'vitest';
import { modelDescriptionSchema } from '../../../runtime/model-description.ts';
import { DESCRIPTION, readDescription } from './description.ts';
import { knownBad, type KnownBad } from './known-bad.ts';

const classifier = `version: 1
name: m
task: classification
labels: [a, b, c, d]
weights: { default: m.onnx }
preprocess:
  resize: { shorter-side: 256, kernel: linear }
  crop: { width: 224, height: 224 }
  channels: bgr
  mean: [104, 117, 123]
`;
const stretched = classifier
  .replace(/ {2}resize:[^]*crop.*\n/, '  resize: { width: 64, height: 48, kernel: nearest }\n')
  .replace(/ {2}mean.*\n/, '');
const face = `version: 1
name: m
task: embedding
weights: { default: m.onnx }
align: { by: five-points }
preprocess:
  resize: { width: 112, height: 112, kernel: linear }
output: {}
`;
const letterboxed = classifier.replace(
  / {2}resize:[^]*crop.*\n/,
  '  resize: { width: 64, height: 64, kernel: linear, fit: letterbox, pad: 114 }\n',
);

const changesOf = (text: string) =>
  knownBad({
    description: readDescription(text),
    labels: ['a', 'b', 'c', 'd'],
    read: async () => await Promise.resolve(new Uint8Array()),
  });
const change = (text: string, name: string): KnownBad =>
  changesOf(text).find((one) => one.name === name) ?? { name, title: '', left: 'no such change' };
const wordsOf = async (changed: KnownBad) =>
  'left' in changed
    ? changed.left
    : await Promise.all(
        changed.steps.map(async ({ files }) => JSON.parse(String((await files()).get(DESCRIPTION))) as Record<string, unknown>),
      );

describe('a known-bad change', () => {
  it.each<[string, string, string, unknown]>([
    ['channels', classifier, 'flips them', [{ preprocess: { channels: 'rgb' } }]],
    [
      'mean',
      classifier,
      'forgets a quarter, half, all',
      [
        { preprocess: { mean: [78, 87.75, 92.25] } },
        { preprocess: { mean: [52, 58.5, 61.5] } },
        { preprocess: { mean: [0, 0, 0] } },
      ],
    ],
    [
      'crop',
      classifier,
      'cuts it out of a larger picture',
      [
        { preprocess: { resize: { 'shorter-side': 282 }, crop: { width: 224 } } },
        { preprocess: { resize: { 'shorter-side': 320 } } },
        { preprocess: { resize: { 'shorter-side': 384 } } },
      ],
    ],
    [
      'crop',
      stretched,
      'cuts what was stretched',
      [{ preprocess: { resize: { width: 70, height: 53 }, crop: { width: 64, height: 48 } } }, {}, {}],
    ],
    ['letterbox', stretched, 'boxes what was stretched', [{ preprocess: { resize: { fit: 'letterbox', pad: 0 } } }]],
    [
      'letterbox',
      letterboxed,
      'pads, lays and stretches otherwise',
      [
        { preprocess: { resize: { pad: 0 } } },
        { preprocess: { resize: { place: 'top-left' } } },
        { preprocess: { resize: { width: 64 } } },
      ],
    ],
    ['label', classifier, 'moves a name to the end', [{ labels: ['a', 'b', 'd', 'c'] }, { labels: ['b', 'c', 'd', 'a'] }]],
  ])('of %s: %#', async (name, text, _, expected) => {
    const words = await wordsOf(change(text, name));
    expect(words).toMatchObject(expected as object);
  });

  it('takes out what it is about, and leaves the rest', async () => {
    const [plain] = (await wordsOf(change(face, 'alignment'))) as Record<string, unknown>[];
    expect(Object.keys(plain ?? {})).not.toContain('align');
    expect(plain).toMatchObject({ task: 'embedding', output: {} });
    const boxes = (await wordsOf(change(letterboxed, 'letterbox'))) as { preprocess: { resize: object } }[];
    expect(boxes.map(({ preprocess }) => 'fit' in preprocess.resize)).toEqual([true, true, false]);
  });

  it.each([
    ['mean', stretched, 'it subtracts no mean'],
    ['kernel', stretched, 'it is resized so already'],
    ['letterbox', classifier, 'it is shown a crop, and no letterbox'],
    ['crop', letterboxed, 'a letterbox leaves nothing to crop'],
    ['alignment', classifier, 'nothing is aligned for this model of classification'],
    ['channels', stretched.replace('channels: bgr', 'channels: gray'), 'it sees grey pictures'],
  ])('of %s says why it cannot be made: %#', async (name, text, why) => {
    expect(await wordsOf(change(text, name))).toBe(why);
  });

  it('is a description that a server takes', async () => {
    for (const text of [classifier, stretched, letterboxed]) {
      for (const made of changesOf(text)) {
        if ('left' in made || made.name === 'quantised') continue;
        for (const words of (await wordsOf(made)) as Record<string, unknown>[])
          expect([made.name, modelDescriptionSchema.safeParse(words).error?.issues]).toEqual([made.name, undefined]);
      }
    }
  });
});

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportedOnnx, sparse } from '../testing/exported-model.ts';
import { ultralytics, withMetadata } from '../testing/onnx-metadata.ts';
import { writeTinyModel, type TinyModel } from '../testing/tiny-model.ts';
import { writePictures } from '../testing/worlds/colour-datasets.ts';
import { openModelRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

/** Pictures in folders called blue, green and red, and nothing else: no Git, and no file of ours. */
let pictures: string;
beforeAll(async () => {
  pictures = path.join(mkdtempSync(path.join(tmpdir(), 'fieldproof-pictures-')), 'shots');
  await writePictures(pictures);
});

async function newcomer(model: TinyModel, metadata: Record<string, string> = {}): Promise<ModelRepository & { onnx: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-e2e-'));
  for (const name of ['model', 'tmp', 'downloads']) mkdirSync(path.join(folder, name));
  await writeTinyModel(path.join(folder, 'downloads'), model);
  const onnx = path.join(folder, 'downloads', 'Colours v8.onnx');
  writeFileSync(onnx, withMetadata(readFileSync(path.join(folder, 'downloads', 'tiny.onnx')), metadata));
  return { ...openModelRepository(folder), onnx };
}

const read = ({ model }: ModelRepository, file: string) => readFileSync(path.join(model, file), 'utf8');
/** In the order of its output, which is not that of the folders. */
const names = ['red', 'green', 'blue'];

describe('fieldproof init of an ONNX file', () => {
  it('leads from a file and a folder of pictures to a score by two commands, with no file edited', async () => {
    const repository = await newcomer({}, ultralytics('classify', names, 16));
    const init = await runFieldproof(repository, ['init', '--model', repository.onnx, '--images', pictures]);
    expect({ code: init.code, fault: /could not run[^]*/.exec(init.stderr)?.[0] }).toEqual({ code: 0, fault: undefined });
    expect(init.stdout).toMatch(
      /^copied {3}models\/colours-v8\/Colours v8\.onnx\nwritten {2}fieldproof\.yaml\nwritten {2}models\//,
    );
    expect(init.stdout).toMatch(/its metadata are those of Ultralytics \(task classify\)/);
    expect(init.stdout).toMatch(/contradiction: its metadata say 16x16, and its input takes 8x8: the input is what counts/);
    expect(init.stdout).toMatch(/one picture was run \(.*blue\/0\.png\): blue is best/);
    expect(init.stdout).not.toMatch(/was guessed|deployed/);
    expect(read(repository, 'models/colours-v8/model.yaml')).toMatch(
      /^version: 1\nname: colours-v8\ntask: classification\nlabels: \[ red, green, blue \]\nthreshold: 0\.5\nweights: \{ default: Colours v8\.onnx \}\npreprocess:\n {2}resize: \{ shorter-side: 8, kernel: linear \}/,
    );
    expect(read(repository, 'datasets/research.yaml')).toMatch(/^classes: \[blue, green, red\]$/m);
    const score = await runFieldproof(repository, ['score']);
    expect(score.code).toBe(0);
    expect(score.stdout).toMatch(/top1 +100\.0% +\[93\.\d%, 100\.0%\]/);
    expect(score.stdout).toMatch(/names its classes in another order than the dataset: they were matched\s+by name/);
    repository.remove();
  });

  it('does so for a detector of Ultralytics and the data.yaml of its pictures', async () => {
    const repository = await newcomer({});
    const anchors = 2100;
    const one = [
      [0, 160],
      [1, 160],
      [2, 100],
      [3, 50],
      [4, 0.9],
    ] as const;
    const values = sparse(
      [1, 6, anchors],
      one.map(([row, value]) => [[0, row, 7], value]),
    );
    const inputs = [{ name: 'images', type: 'float32' as const, shape: [1, 3, 320, 320] }];
    const onnx = exportedOnnx({ inputs, outputs: [{ name: 'output0', shape: [1, 6, anchors], values }] });
    writeFileSync(repository.onnx, withMetadata(onnx, ultralytics('detect', ['person', "driver's seat"], 640)));
    repository.write({
      'shots/data.yaml': "path: .\ntrain: images/train\nval: images/val\nnames: {0: person, 1: driver's seat}\n",
      'shots/images/val/street.png': readFileSync(path.join(pictures, 'red', '0.png')),
      // 100 x 50 of the 320 x 240 that the picture takes up in the model's input.
      'shots/labels/val/street.txt': '0 0.5 0.5 0.3125 0.208333\n',
    });
    const { code, stdout, stderr } = await runFieldproof(repository, ['init', '--model', repository.onnx, '--images', 'shots']);
    expect({ code, fault: /could not run[^]*/.exec(stderr)?.[0] }).toEqual({ code: 0, fault: undefined });
    expect(stdout).toMatch(/contradiction: its metadata say 640x640, and its input takes 320x320/);
    expect(stdout).toMatch(/one picture was run \(shots\/images\/val\/street\.png\): 1 boxes, the best of person at 0\.9/);
    expect(stdout).not.toMatch(/was guessed/);
    expect(read(repository, 'models/colours-v8/model.yaml')).toMatch(
      /^output:\n {2}kind: dense\n {2}box: cxcywh\npostprocess:\n {2}nms: per-class\n {2}iou: 0\.7\n {2}clip: true$/m,
    );
    expect(read(repository, 'datasets/research.sha256')).toMatch(/images\/val\/street\.png/);
    const score = await runFieldproof(repository, ['score']);
    expect(score.code).toBe(0);
    expect(score.stdout).toMatch(/ {2}research: 1 picture, detection\n[^]* {4}ap50 +100\.0%/);
    repository.remove();
  });

  it('lists what the file does not say with the option that says it, and marks it; with those options nothing is left', async () => {
    const repository = await newcomer({ batch: 1 });
    const init = ['init', '--model', repository.onnx, '--images', pictures];
    const first = await runFieldproof(repository, init);
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/was guessed:\n {2}--labels folders\n.*\n {2}--preprocess imagenet\|centre\|stretch\|/);
    expect(read(repository, 'models/colours-v8/model.yaml')).toMatch(/^labels: \[ blue, green, red \] +# set: In which order/m);
    repository.remove();

    const other = await newcomer({ batch: 1 });
    other.write({ 'names.txt': `${names.join('\n')}\n` });
    const said = ['--labels', 'names.txt', '--preprocess', 'stretch'];
    const second = await runFieldproof(other, ['init', '--model', other.onnx, '--images', pictures, ...said]);
    expect(second.stdout).not.toMatch(/was guessed/);
    expect(read(other, 'models/colours-v8/model.yaml')).not.toMatch(/# set/);
    expect((await runFieldproof(other, ['score'])).stdout).toMatch(/top1 +100\.0%/);
    other.remove();
  });

  it('sees by one picture that scores are logits', async () => {
    const repository = await newcomer({ gains: [30, 30, 30] }, { classes: '["red", "green", "blue"]' });
    const said = ['--preprocess', 'stretch'];
    const { stdout } = await runFieldproof(repository, ['init', '--model', repository.onnx, '--images', pictures, ...said]);
    expect(stdout).toMatch(/its scores run from 7\.\d+ to 23\.\d, so they are logits: softmax makes shares of them/);
    expect(read(repository, 'models/colours-v8/model.yaml')).toMatch(/^postprocess:\n {2}activation: softmax$/m);
    repository.remove();
  });

  it.each<[string, string[], RegExp]>([
    [
      'a file that is none',
      ['--model', 'broken.onnx'],
      /broken\.onnx.* is no ONNX file: it is no protobuf\n +remedy: name the \.onnx/,
    ],
    ['a file that is not there', ['--model', 'lost.onnx'], /lost\.onnx.* cannot be read/],
    [
      'a word that is no answer',
      ['--model', 'good.onnx', '--preprocess', 'magic'],
      /--preprocess.*"magic" is no answer\n +remedy: use one of/,
    ],
  ])('refuses %s, and writes nothing', async (_, words, expected) => {
    const repository = await newcomer({});
    repository.write({ 'broken.onnx': 'certainly no model', 'good.onnx': readFileSync(repository.onnx) });
    const { code, stderr } = await runFieldproof(repository, ['init', ...words]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(expected) });
    expect(() => read(repository, 'fieldproof.yaml')).toThrow('ENOENT');
    repository.remove();
  });
});

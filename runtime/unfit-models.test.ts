import { mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CouldNotRun, float32Of } from '#kernel';
import { writeTinyModel, type TinyDescription, type TinyModel } from '../testing/tiny-model.ts';
import { openOnnx, readModelFolder, sharpPictureReader } from './adapters/index.ts';
import { openModel } from './open-model.ts';
import { frames, serve } from './serve.fixture.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'fieldproof-models-'));
});
afterAll(() => rm(root, { recursive: true }));

let count = 0;
const write = async (model?: TinyModel, description?: TinyDescription) => {
  const folder = path.join(root, `model-${(count += 1)}`);
  await writeTinyModel(folder, model, description);
  return folder;
};
const open = async (folder: string, variant: string | null = null) => {
  const parts = await readModelFolder(folder, variant);
  return openModel({ ...parts, load: (file) => openOnnx(file, 1), reader: sharpPictureReader() });
};
/** The problem that keeps a model from being served, with its file as seen from its folder. */
const refusal = async (folder: string) => {
  const error: unknown = await open(folder).catch((reason: unknown) => reason);
  if (!(error instanceof CouldNotRun)) throw error;
  const [problem] = error.problems;
  return { ...problem, file: path.relative(folder, problem?.file ?? '') };
};
/** Red 204, green 102, blue 0, at the model's size. */
const picture = frames(
  [1, 8, 8, 3],
  Uint8Array.from({ length: 192 }, (_, at) => [204, 102, 0][at % 3] ?? 0),
);
const scores = async (folder: string, variant?: string) => {
  const { outputs } = await (await open(folder, variant)).infer(picture);
  return outputs.flatMap((output) => [...float32Of(output)].map((score) => Number(score.toFixed(2))));
};

describe('models of other forms', () => {
  it.each<[string, TinyModel, TinyDescription, number[]]>([
    ['with [N, C, 1, 1] at its end', { output: 'pooled' }, {}, [0.8, 0.4, 0]],
    ['of half precision at both ends', { type: 'float16' }, {}, [0.8, 0.4, 0]],
    ['with a uint8 input', { type: 'uint8' }, {}, [204, 102, 0]],
    ['with channels last', { layout: 'nhwc' }, {}, [0.8, 0.4, 0]],
    ['with a batch of one', { batch: 1 }, {}, [0.8, 0.4, 0]],
    ['with softmax to be done', { type: 'uint8' }, { postprocess: { activation: 'softmax' } }, [1, 0, 0]],
    ['with data in a file of its own', { externalFile: 'gains.bin', gains: [1, 2, 3] }, {}, [0.8, 0.8, 0]],
  ])('%s are served', async (_, model, description, expected) => {
    expect(await scores(await write(model, description))).toEqual(expected);
  });

  it('take many frames one by one when their batch is one', async () => {
    const classifier = await open(await write({ batch: 1 }));
    const { outputs } = await classifier.infer(frames([3, 8, 8, 3], new Uint8Array(576).fill(255)));
    expect(outputs[0]?.shape).toEqual([3, 3]);
  });

  it('serve the variant asked for, and their labels from a file', async () => {
    const folder = await write({}, { labels: 'labels.txt', weights: { default: 'tiny.onnx', int8: 'sub/other.onnx' } });
    await writeFile(path.join(folder, 'labels.txt'), '\uFEFFred\r\ngreen\r\nblue\r\n');
    await writeTinyModel(path.join(folder, 'sub'), { gains: [0.5, 0.5, 0.5] });
    await writeFile(path.join(folder, 'sub/other.onnx'), await readFile(path.join(folder, 'sub/tiny.onnx')));
    expect(await scores(folder, 'int8')).toEqual([0.4, 0.2, 0]);
    expect((await open(folder, 'int8')).metadata).toMatchObject({ variant: 'int8', labels: ['red', 'green', 'blue'] });
    expect((await open(folder, 'fp16')).metadata.variant).toBe('default');
  });
});

describe('a model that cannot be served', () => {
  it('because its file is text, empty or cut short', async () => {
    const folder = await write();
    const file = path.join(folder, 'tiny.onnx');
    await truncate(file, (await readFile(file)).byteLength - 20);
    expect(await refusal(folder)).toMatchObject({
      file: 'tiny.onnx',
      message: expect.stringContaining('is no ONNX model, or is cut short'),
    });
    await writeFile(file, 'version https://git-lfs.github.com/spec/v1\n');
    expect(await refusal(folder)).toMatchObject({ file: 'tiny.onnx', remedy: expect.stringContaining('Git LFS') });
    await writeFile(file, '');
    expect(await refusal(folder)).toMatchObject({ file: 'model.yaml', field: 'weights.default', message: 'tiny.onnx is empty' });
  });

  it('because it wants an operator that is not there', async () => {
    const message = expect.stringContaining('wants the operator FancyPool, which is not there');
    expect(await refusal(await write({ operator: 'FancyPool' }))).toMatchObject({ file: 'tiny.onnx', message });
  });

  it.each<[string, TinyModel, TinyDescription, string, string]>([
    [
      'its output has another shape',
      { output: 'map' },
      {},
      'output',
      'gives an output of shape [1, 3, 8, 8] for 1 picture, not [N, classes]',
    ],
    [
      'it has another size',
      { size: 9 },
      { preprocess: { resize: { width: 8, height: 8, kernel: 'linear' } } },
      'preprocess.resize',
      'takes [n, 3, 9, 9], but this gives [N, 3, 8, 8]',
    ],
    ['its batch is fixed', { batch: 4 }, {}, 'preprocess.resize', 'takes [4, 3, 8, 8]'],
    [
      'its type is another',
      {},
      { preprocess: { resize: { width: 8, height: 8, kernel: 'linear' }, type: 'float16' } },
      'preprocess.type',
      'takes float32, not float16',
    ],
    [
      'its uint8 input cannot be normalised',
      { type: 'uint8' },
      { preprocess: { resize: { width: 8, height: 8, kernel: 'linear' }, range: [0, 1] } },
      'preprocess.range',
      'takes uint8: pixels as they are',
    ],
    ['its labels are others', {}, { labels: ['a', 'b'] }, 'labels', '2 labels, but'],
    ['an input of that name is not there', {}, { input: 'data_0' }, 'input', 'has no input "data_0"'],
    ['an output of that name is not there', {}, { output: 'logits' }, 'output', 'has no output "logits"'],
    [
      'its weights are not there',
      {},
      { weights: { default: 'tiny.onnx', int8: 'gone.onnx' } },
      'weights.int8',
      'gone.onnx is not there',
    ],
    ['its labels are not there', {}, { labels: 'gone.txt' }, 'labels', 'gone.txt is not there'],
  ])('because %s', async (_, model, description, field, message) => {
    expect(await refusal(await write(model, description))).toMatchObject({
      file: 'model.yaml',
      field,
      line: expect.any(Number),
      message: expect.stringContaining(message),
      remedy: expect.any(String),
    });
  });

  it('because a file lies outside its folder, however it is reached', async () => {
    const linked = await write();
    await rm(path.join(linked, 'tiny.onnx'));
    await symlink(path.join(await write(), 'tiny.onnx'), path.join(linked, 'tiny.onnx'));
    expect(await refusal(linked)).toMatchObject({ field: 'weights.default', message: 'tiny.onnx leads out of the model folder' });
    const beside = await write({ externalFile: 'gains.bin' });
    expect(await refusal(await write({ externalFile: `../${path.basename(beside)}/gains.bin` }))).toMatchObject({
      message: expect.stringContaining('escapes model directory'),
    });
    const half = await write({ externalFile: 'gains.bin' });
    await rm(path.join(half, 'gains.bin'));
    expect(await refusal(half)).toMatchObject({ file: 'tiny.onnx' });
    await symlink(path.join(beside, 'gains.bin'), path.join(half, 'gains.bin'));
    expect(await refusal(half)).toMatchObject({ file: 'gains.bin', message: 'a link out of the model folder' });
  });

  it('because its labels have a hole', async () => {
    const folder = await write({}, { labels: 'labels.txt' });
    await writeFile(path.join(folder, 'labels.txt'), 'red\n\nblue\n');
    expect(await refusal(folder)).toMatchObject({ file: 'labels.txt', line: 2, message: 'an empty line' });
  });

  it('ends the program with 3, and every problem in one line of JSON', async () => {
    const folder = await write({}, { weights: { default: 'gone.onnx', int8: 'lost.onnx' } });
    const error: unknown = await serve(['--model', folder, '--port', '0']).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ exitCode: 3 });
    const { problems } = JSON.parse((error as Error).message) as { problems: { field: string }[] };
    expect(problems.map(({ field }) => field)).toEqual(['weights.default', 'weights.int8']);
    await expect(serve(['--model', path.join(root, 'nowhere')])).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('ENOENT'),
    });
  });
});

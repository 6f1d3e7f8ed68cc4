import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CouldNotRun } from '#kernel';
import { exportedOnnx, writeExportedModel, type ExportedModel, type Fixed } from '../testing/exported-model.ts';
import { blank, modelFolder, openExported, openFolder, rowsOf } from './served.fixture.ts';

const zeros = (name: string, shape: number[], type: Fixed['type'] = 'float32'): Fixed => {
  return { name, shape, values: new Float64Array(shape.reduce((product, size) => product * size, 1)), type };
};
const input = { name: 'images', type: 'float32' as const, shape: [1, 3, 64, 64] };
const model = (...outputs: Fixed[]): ExportedModel => ({ inputs: [input], outputs });
const square = { resize: { width: 64, height: 64, kernel: 'linear' } };
const detector = (output: object, more: object = {}) => {
  return { task: 'detection', labels: ['a', 'b'], preprocess: square, output, postprocess: { nms: 'none' }, ...more };
};

/** The one problem that keeps a model from being served. */
async function refusal(exported: ExportedModel, description: object) {
  const error: unknown = await openExported(exported, description).catch((reason: unknown) => reason);
  if (!(error instanceof CouldNotRun)) throw error;
  return error.problems[0];
}

const ROWS = { kind: 'rows', columns: ['x1', 'y1', 'x2', 'y2', 'score', 'class'] };
const PAIR = { kind: 'pair', boxes: 'boxes', scores: 'scores', box: 'xyxy', units: 'unit' };
const PARALLEL = { kind: 'parallel', boxes: 'boxes', scores: 'scores', classes: 'classes', box: 'xyxy', units: 'unit' };
const PRIORS = { kind: 'priors', boxes: 'boxes', scores: 'scores', levels: [{ stride: 32, sizes: [16] }], variances: [0.1, 0.2] };
const four = zeros('boxes', [1, 4, 4]);

describe('a detector that is not what its model.yaml says', () => {
  it.each<[string, ExportedModel, object, string, string]>([
    [
      'dense, of other classes than labels',
      model(zeros('output', [1, 84, 6])),
      { kind: 'dense', box: 'cxcywh', objectness: 'multiply' },
      'output.kind',
      '"output" is [1, 84, 6]: neither side is 5 columns for box and objectness and 2 labels',
    ],
    [
      'dense, with boxes for other cells',
      model(zeros('output', [1, 84, 6])),
      { kind: 'dense', box: 'cxcywh', grid: [8, 16] },
      'output.grid',
      'strides 8, 16 have 80 cells at 64x64, but there are 84 boxes',
    ],
    [
      'dense, a map of three dimensions',
      model(zeros('output', [1, 6, 8, 8])),
      { kind: 'dense', box: 'cxcywh' },
      'output.tensor',
      'not [boxes, columns]',
    ],
    ['rows of other columns', model(zeros('output', [1, 300, 7])), ROWS, 'output.columns', 'not [rows, 6] as columns has it'],
    ['a pair without one of them', model(four), PAIR, 'output.scores', 'has no output "scores"'],
    [
      'a pair with other rows',
      model(four, zeros('scores', [1, 5, 2])),
      PAIR,
      'output.scores',
      '"scores" is [1, 5, 2] beside 4 boxes, not [4, classes]',
    ],
    ['a pair with other classes than labels', model(four, zeros('scores', [1, 4, 3])), PAIR, 'labels', '2 labels, but'],
    [
      'parallel, with other rows',
      model(four, zeros('scores', [1, 3]), zeros('classes', [1, 4], 'int64')),
      PARALLEL,
      'output.scores',
      '"scores" is [1, 3] beside 4 boxes',
    ],
    [
      'parallel, with classes that are text',
      model(four, zeros('scores', [1, 4]), zeros('classes', [1, 4], 'string')),
      PARALLEL,
      'output.classes',
      'output "classes" is string in',
    ],
    [
      'strides that are others',
      model(zeros('s', [64, 2]), zeros('d', [64, 4])),
      { kind: 'strided', strides: [8, 16] },
      'output.strides',
      'no scores and distances of 16 rows for stride 16 among "s" [64, 2], "d" [64, 4]',
    ],
    [
      'priors that are others',
      model(zeros('boxes', [1, 5, 4]), zeros('scores', [1, 5, 2])),
      PRIORS,
      'output.levels',
      'levels have 4 priors at 64x64, but there are 5 boxes',
    ],
  ])('%s', async (_, exported, output, field, message) => {
    expect(await refusal(exported, detector(output))).toMatchObject({
      file: expect.stringMatching(/model\.yaml$/),
      line: expect.any(Number),
      field,
      message: expect.stringContaining(message),
      remedy: expect.any(String),
    });
  });

  it('because it has an input that nobody would feed', async () => {
    const two = {
      ...model(zeros('output', [1, 5, 6])),
      inputs: [input, { name: 'scale', type: 'float32' as const, shape: [1, 2] }],
    };
    expect(await refusal(two, detector(ROWS, { input: 'images' }))).toMatchObject({
      field: 'input',
      message: expect.stringContaining('takes "scale" (float32 [1, 2]) too, which nothing would feed'),
    });
    const problem = await refusal(two, detector(ROWS, { sizes: { input: 'images' } }));
    expect(problem).toMatchObject({ field: 'preprocess.resize' });
  });

  it('because it declares a size that is not the one inside it', async () => {
    const broken: ExportedModel = {
      inputs: [input],
      outputs: [zeros('boxes', [1, 300, 6])],
      computed: {
        nodes: [
          { operator: 'Flatten', inputs: ['images'], outputs: ['flat'], integers: { axis: 1 } },
          { operator: 'MatMul', inputs: ['flat', 'fixed.boxes'], outputs: ['output'] },
        ],
        outputs: [{ name: 'output', type: 'float32', shape: ['n', 300, 6] }],
      },
    };
    const folder = await modelFolder();
    await writeExportedModel(
      folder,
      { ...broken, inputs: [{ ...input, shape: ['n', 3, 'h', 'w'] }] },
      detector({ ...ROWS, tensor: 'output' }),
    );
    await expect(openFolder(folder)).rejects.toThrow(/takes the size that it declares, and fails on it/);
  });

  it('gives a box that ends before it begins as one without area, which finds nothing and is counted', async () => {
    const values = [9, 9, 0, 20, 0.9, 1];
    const served = await openExported(model({ name: 'output', shape: [1, 1, 6], values }), detector(ROWS));
    const rows = rowsOf(await served.infer({ inputs: [blank(64, 64)] }), 'detections');
    expect(rows.map((row) => row.slice(1, 5))).toEqual([[9, 9, 9, 20]]);
  });

  it('when its output is NaN: it has not found nothing', async () => {
    const values = [0, 0, 9, 9, Number.NaN, 1];
    const served = await openExported(model({ name: 'output', shape: [1, 1, 6], values }), detector(ROWS));
    await expect(served.infer({ inputs: [blank(64, 64)] })).rejects.toThrow('the model\'s output "output" holds NaN');
  });

  it('when a box names a class that is none: the request fails, and says which', async () => {
    const values = [0, 0, 9, 9, 0.9, 2];
    const served = await openExported(model({ name: 'output', shape: [1, 1, 6], values }), detector(ROWS));
    await expect(served.infer({ inputs: [blank(64, 64)] })).rejects.toThrow(
      'a box of class 2, which none of 2 classes is: see first-class',
    );
  });
});

describe('an embedder', () => {
  const embedder = (align?: object) => ({ task: 'embedding', preprocess: square, ...(align && { align }) });

  it('is refused with an output that is no vector, and with a detector without landmarks', async () => {
    expect(await refusal(model(zeros('map', [1, 3, 8])), embedder())).toMatchObject({
      field: 'output.tensor',
      message: expect.stringContaining('"map" is [1, 3, 8] for one picture, not [1, D]'),
    });
    const folder = await modelFolder();
    const { task: _, labels: __, ...faces } = detector(PAIR, { threshold: 0.5, weights: 'faces.onnx' });
    const aligned = {
      task: 'embedding',
      preprocess: { resize: { width: 112, height: 112, kernel: 'linear' } },
      align: { detector: faces },
    };
    await writeExportedModel(folder, { inputs: [{ ...input, shape: [1, 3, 112, 112] }], outputs: [zeros('v', [1, 8])] }, aligned);
    await expect(openFolder(folder)).rejects.toThrow('(align.detector.weights): faces.onnx is not there');
    await writeFile(path.join(folder, 'faces.onnx'), exportedOnnx(model(four, zeros('scores', [1, 4, 1]))));
    await expect(openFolder(folder)).rejects.toThrow(/align\.detector\.output\): .*faces\.onnx gives boxes without landmarks/);
  });

  it('gives vectors of length 1, or as they are', async () => {
    const vector = model({ name: 'v', shape: [1, 2, 1, 1], values: [3, 4], type: 'float64' });
    const ask = { inputs: [blank(64, 64, 2)] };
    const unit = rowsOf(await (await openExported(vector, embedder())).infer(ask), 'embeddings');
    expect(unit.map((row) => row.map((value) => Number(value.toFixed(6))))).toEqual([
      [0.6, 0.8],
      [0.6, 0.8],
    ]);
    const raw = await openExported(vector, { ...embedder(), output: { kind: 'embedding', normalise: 'none' } });
    expect(rowsOf(await raw.infer(ask), 'embeddings')[0]).toEqual([3, 4]);
  });
});

describe('a classifier', () => {
  it.each(['float64', 'int32', 'int64', 'uint8'] as const)('with scores of %s is served', async (type) => {
    const scores = model({ name: 'scores', shape: [1, 3], values: [1, 5, 2], type });
    const served = await openExported(scores, { task: 'classification', preprocess: square });
    expect(rowsOf(await served.infer({ inputs: [blank(64, 64)] }), 'scores')).toEqual([[1, 5, 2]]);
  });

  it('with several outputs names one of them, and none that is text', async () => {
    const two = model(zeros('label', [1], 'string'), zeros('scores', [1, 3]));
    const description = { task: 'classification', preprocess: square };
    expect(await refusal(two, description)).toMatchObject({ field: 'output', remedy: 'name one of: label, scores' });
    expect(await refusal(two, { ...description, output: 'label' })).toMatchObject({
      field: 'output',
      message: expect.stringContaining('output "label" is string'),
    });
    expect((await openExported(two, { ...description, output: 'scores' })).metadata.outputs[0]?.shape).toEqual([-1, 3]);
  });
});

import { describe, expect, it } from 'vitest';
import { CouldNotRun, parseYaml } from '#kernel';
import { parseArguments } from './arguments.ts';
import { modelDescriptionSchema } from './model-description.ts';

const least = `version: 1
name: porch
task: classification
weights: { default: porch.onnx, int8: small/porch.int8.onnx }
preprocess:
  resize: { width: 64, height: 48, kernel: linear }
`;
const parse = (text: string) => parseYaml(text, 'model.yaml', modelDescriptionSchema).value;
const problems = (text: string) => {
  try {
    parse(text);
    return [];
  } catch (error) {
    if (error instanceof CouldNotRun) return error.problems.map(({ line, field, message }) => `${line} ${field}: ${message}`);
    throw error;
  }
};

describe('model.yaml', () => {
  it('needs little, and says what the rest is', () => {
    expect(parse(least)).toEqual({
      version: 1,
      name: 'porch',
      task: 'classification',
      weights: { default: 'porch.onnx', int8: 'small/porch.int8.onnx' },
      preprocess: {
        resize: { width: 64, height: 48, kernel: 'linear' },
        orientation: 'stored',
        channels: 'rgb',
        layout: 'nchw',
        range: [0, 255],
        mean: 0,
        std: 1,
      },
      postprocess: { activation: 'none' },
    });
  });

  it.each([
    ['  mean: [1, 2]\n', '7 preprocess.mean: expected 3 numbers, one per channel of rgb'],
    ['  channels: gray\n  std: [1, 1, 1]\n', '8 preprocess.std: expected 1 numbers, one per channel of gray'],
    ['  std: 0\n', '7 preprocess.std: must not be 0: it divides'],
    ['  type: uint8\n  range: [0, 1]\n', '7 preprocess.type: a uint8 input takes pixels as they are: no range, mean or std'],
    ['  crop: { width: 65, height: 1 }\n', '7 preprocess.crop: is larger than the resized picture (64x48)'],
    ['  meen: 0\n', '7 preprocess.meen: unknown field "meen"'],
    ['threshold: high\n', '7 threshold: Invalid input: expected number, received string'],
  ])('with %j says where it is wrong', (more, problem) => {
    expect(problems(least + more)).toEqual([problem]);
  });

  it.each([
    ['{ width: 64, kernel: linear }', 'give either width and height, or shorter-side'],
    ['{ width: 64, height: 1, shorter-side: 2, kernel: linear }', 'give either width and height, or shorter-side'],
    ['{ shorter-side: 64, kernel: linear }', 'shorter-side leaves one side open: add a crop'],
    ['{ width: 64, height: 64 }', 'Invalid option: expected one of "nearest"'],
  ])('with resize %s says what to give', (resize, message) => {
    expect(problems(least.replace('{ width: 64, height: 48, kernel: linear }', resize)).join()).toContain(message);
  });

  it.each(['/etc/passwd', '../porch.onnx', 'a/../../b.onnx', String.raw`a\b.onnx`, 'C:/b.onnx', '~/b.onnx'])(
    'refuses weights at %s',
    (file) => {
      expect(problems(least.replace('porch.onnx', file)).join()).toContain('must be a path inside the model folder');
    },
  );

  it('needs default weights', () => {
    expect(problems(least.replace('default', 'fp32')).join()).toContain('4 weights.default');
  });
});

const detector = `version: 1
name: porch
task: detection
weights: { default: porch.onnx }
preprocess: { resize: { width: 64, height: 48, kernel: linear } }
output: { kind: dense, box: cxcywh }
postprocess: { nms: per-class, iou: 0.45 }
`;

describe('the model.yaml of a detector', () => {
  it('needs little, and says what the rest is', () => {
    expect(parse(detector)).toMatchObject({
      preprocess: { orientation: 'exif' },
      output: { units: 'pixels', objectness: 'none', activation: 'none', 'per-box': 'best' },
      postprocess: { keep: 0.001, 'at-most': 300, clip: false },
    });
  });

  it.each([
    ['task: detection', 'task: pose', '3 task: expected classification, detection or embedding'],
    ['kind: dense, box: cxcywh', 'kind: grid', '6 output.kind: '],
    [
      'kind: dense, box: cxcywh',
      'kind: dense, box: xyxy, grid: [8]',
      '6 output.box: a grid holds centres and sizes: write cxcywh',
    ],
    ['kind: dense, box: cxcywh', 'kind: dense, box: cxcywh, columns: [x1]', '6 output.columns: unknown field "columns"'],
    [
      'kind: dense, box: cxcywh',
      'kind: rows, columns: [x1, y1, x2, y2, score, other]',
      '6 output.columns: class must be there once',
    ],
    ['nms: per-class, iou: 0.45', 'nms: per-class', '7 postprocess.nms: per-class needs iou, such as 0.45'],
    ['nms: per-class, iou: 0.45', 'nms: none, iou: 0.45', '7 postprocess.iou: goes with nms per-class or agnostic'],
    ['postprocess: {', 'threshold: 0.1\npostprocess: { keep: 0.2,', '7 threshold: is below postprocess.keep (0.2)'],
    ['kernel: linear', 'kernel: linear, fit: letterbox', '5 preprocess.resize.fit: letterbox needs pad'],
    ['kernel: linear', 'kernel: linear, pad: 114', '5 preprocess.resize.pad: goes with fit: letterbox alone'],
    ['} }\noutput', '}, orientation: stored }\noutput', '5 preprocess.orientation: detectors and embedders see pictures upright'],
    [
      '} }\noutput',
      ', fit: letterbox, pad: 0 }, crop: { width: 9, height: 9 } }\noutput',
      '5 preprocess.crop: a letterbox has the size',
    ],
  ])('with %j for %j says where it is wrong', (before, after, problem) => {
    const found = problems(detector.replace(before, after));
    expect(found).toEqual([expect.stringContaining(problem)]);
  });
});

describe('the model.yaml of an embedder', () => {
  const embedder = `version: 1
name: faces
task: embedding
weights: { default: a.onnx }
preprocess: { resize: { width: 112, height: 112, kernel: linear } }
`;
  const align = (fields: string) => `${embedder}align:
  detector:
    weights: faces.onnx
${fields}    preprocess: { resize: { width: 64, height: 64, kernel: linear } }
    output: { kind: strided, strides: [8], anchors: 2 }
    postprocess: { nms: agnostic, iou: 0.4 }
`;

  it('needs little, and aligns by five points where a detector is named', () => {
    expect(parse(embedder)).toMatchObject({ output: { kind: 'embedding', normalise: 'l2' } });
    expect(parse(align('    threshold: 0.5\n'))).toMatchObject({ align: { by: 'five-points' } });
  });

  it('says what it lacks, and at which size five points are aligned', () => {
    expect(problems(align(''))).toEqual([expect.stringContaining('align.detector.threshold: ')]);
    expect(problems(align('    threshold: 0.5\n').replace('width: 112', 'width: 96'))).toEqual([
      expect.stringContaining('align.by: five points are aligned to 112x112'),
    ]);
    expect(problems(align('    threshold: 0.5\n').replace('faces.onnx', '../faces.onnx')).join()).toContain(
      '8 align.detector.weights: must be a path inside the model folder',
    );
    expect(problems(`${embedder}labels: [a]\n`)).toEqual(['6 labels: unknown field "labels"']);
  });
});

describe('the command line', () => {
  it('gives the address, the variant and the threads', () => {
    expect(parseArguments(['--model', 'm', '--variant', 'int8', '--threads', '2', '--socket', '/run/x.sock'])).toEqual({
      model: 'm',
      variant: 'int8',
      threads: 2,
      address: { kind: 'socket', path: '/run/x.sock' },
      stopWithStdin: false,
    });
    expect(parseArguments(['--model', 'm']).address).toEqual({ kind: 'tcp', host: '127.0.0.1', port: 8000 });
  });

  it.each([
    [[], '--model is missing'],
    [['--model', 'm', '--port', '65536'], '--port is "65536", not a whole number from 0 to 65535'],
    [['--model', 'm', '--threads', '0'], '--threads is "0"'],
    [['--model', 'm', '--socket', 's', '--port', '1'], '--socket excludes'],
    [['--modle', 'm'], "Unknown option '--modle'"],
  ])('%j is refused with the usage', (words, message) => {
    expect(() => parseArguments(words)).toThrow(message);
    expect(() => parseArguments(words)).toThrow('node runtime/main.ts --model FOLDER');
  });
});
